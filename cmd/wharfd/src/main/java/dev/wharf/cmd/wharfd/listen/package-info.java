/**
 * The sockets: gRPC over Netty's native epoll and ttRPC, both with the same services, owners and modes from config.
 *
 * <p>Every call runs on a virtual thread of its own, as services block. Only this package knows Netty.
 */
@NullMarked
package dev.wharf.cmd.wharfd.listen;

import org.jspecify.annotations.NullMarked;
