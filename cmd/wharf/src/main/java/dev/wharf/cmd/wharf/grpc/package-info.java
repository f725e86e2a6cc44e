/**
 * gRPC over a unix socket by Netty, for daemons other than wharfd. Loaded only when one is spoken to.
 */
@NullMarked
package dev.wharf.cmd.wharf.grpc;

import org.jspecify.annotations.NullMarked;
