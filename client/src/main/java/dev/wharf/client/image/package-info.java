/**
 * Images: bringing them into a daemon from registries and archives, and unpacking them into snapshots.
 *
 * <p>{@link dev.wharf.client.image.PullImage}, {@link dev.wharf.client.image.ImportImage} and
 * {@link dev.wharf.client.image.UnpackImage} are the use cases, one class each. They use core's interfaces, not the
 * wire. What they bring in is held by a lease until labels on the content say what refers to what (garbage collection
 * labels as containerd's own client sets them); an image's name comes last, so that a name never points at nothing.
 */
@NullMarked
package dev.wharf.client.image;

import org.jspecify.annotations.NullMarked;
