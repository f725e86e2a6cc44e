/**
 * Mounts as values: what a snapshotter answers and a runtime executes. Nothing here calls the kernel.
 */
@NullMarked
package dev.wharf.core.mount;

import org.jspecify.annotations.NullMarked;
