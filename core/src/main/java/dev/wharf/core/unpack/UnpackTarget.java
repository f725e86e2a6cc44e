package dev.wharf.core.unpack;

import dev.wharf.core.diff.Applier;
import dev.wharf.core.snapshots.Snapshotter;

/**
 * Where layers are unpacked to.
 *
 * @param name the snapshotter's name
 * @param snapshotter the snapshotter
 * @param applier what applies layers
 * @param atOnce how many layers of an image are applied at once; more than one only for a snapshotter that can put a
 *     snapshot upon a parent at commit (capability {@code rebase})
 */
public record UnpackTarget(String name, Snapshotter snapshotter, Applier applier, int atOnce) {
    public UnpackTarget {
        if (atOnce < 1) {
            throw new IllegalArgumentException("nothing is applied with " + atOnce + " layers at once");
        }
    }
}
