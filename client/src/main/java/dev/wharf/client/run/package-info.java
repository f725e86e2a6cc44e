/**
 * Containers: from an image to a running process and back to nothing.
 *
 * <p>{@link dev.wharf.client.run.RunContainer}, {@link dev.wharf.client.run.ExecProcess} and
 * {@link dev.wharf.client.run.RemoveContainer} are the use cases; {@link dev.wharf.client.run.SpecBuilder} makes the
 * runtime spec. What needs the kernel (FIFOs, terminals, mounts) stands behind {@link dev.wharf.client.run.ProcessIo}
 * and {@link dev.wharf.client.run.RootFiles}, which the program that uses the client implements. A start that fails half
 * way leaves nothing behind.
 */
@NullMarked
package dev.wharf.client.run;

import org.jspecify.annotations.NullMarked;
