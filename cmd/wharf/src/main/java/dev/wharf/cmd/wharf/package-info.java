/**
 * The program {@code wharf}: {@link dev.wharf.cmd.wharf.Main} and how it tells people what went wrong.
 *
 * <p>Start-up time is a feature here: only what the named command needs is loaded. On the way of {@code ps} over ttRPC
 * there must be no Netty, grpc-core, Jackson, logging or HTTP client.
 */
@NullMarked
package dev.wharf.cmd.wharf;

import org.jspecify.annotations.NullMarked;
