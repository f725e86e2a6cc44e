/** Go containerd as a peer of tests, from Debian's package. */
@NullMarked
package dev.wharf.client.peer;

import org.jspecify.annotations.NullMarked;
