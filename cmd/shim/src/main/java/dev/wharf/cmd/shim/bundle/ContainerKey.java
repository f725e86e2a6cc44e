package dev.wharf.cmd.shim.bundle;

import dev.wharf.shim.ShimException;
import java.util.regex.Pattern;

/**
 * What names a container in this process: ids alone are unique within a namespace only.
 *
 * @param namespace of the container
 * @param id of the container
 */
public record ContainerKey(String namespace, String id) {
    /** containerd's identifiers: they become parts of paths. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*");

    /** Refuses names that could mean another path. */
    public ContainerKey {
        requireIdentifier(namespace);
        requireIdentifier(id);
    }

    /** Refuses what is no identifier. */
    public static void requireIdentifier(String name) {
        if (!FORM.matcher(name).matches()) {
            throw ShimException.invalidArgument("identifier \"" + name + "\" must match " + FORM);
        }
    }

    /** As one name of a file; a comma is in no identifier. */
    public String fileName() {
        return namespace + "," + id;
    }
}
