/** A runtime of plain processes, a daemon's side of the protocol, and the framework driven by it over real sockets. */
@NullMarked
package dev.wharf.shim.testing;

import org.jspecify.annotations.NullMarked;
