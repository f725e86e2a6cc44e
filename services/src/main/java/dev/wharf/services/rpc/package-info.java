/**
 * What all services share of a call: the request's {@link dev.wharf.core.context.Context}, how a method answers, and
 * how a stream waits for its reader.
 *
 * <p>May use core, wire and grpc-api/grpc-stub, never a transport: the same service objects are bound to gRPC over
 * Netty and to ttRPC. Both transports must run handlers where blocking is allowed (virtual threads).
 */
@NullMarked
package dev.wharf.services.rpc;

import org.jspecify.annotations.NullMarked;
