/**
 * The client of wharfd and of any other containerd: core's interfaces over the wire, and a connection that finds out
 * which wire to use.
 *
 * <p>May use core, api, wire and lib/ttrpc. To wharfd it speaks ttRPC, because then neither HTTP/2 nor Netty has to be
 * loaded; to any other containerd gRPC, over a channel the program that uses the client makes. Use cases of several
 * steps stand in the packages below: {@code image} and {@code run}.
 */
@NullMarked
package dev.wharf.client;

import org.jspecify.annotations.NullMarked;
