/**
 * ttRPC client and server beneath the stubs that protoc-gen-grpc-java generates: a {@link io.grpc.Channel} and a
 * server of {@link io.grpc.ServerServiceDefinition}s over one unix stream socket per connection.
 *
 * <p>The wire is that of github.com/containerd/ttrpc, PROTOCOL.md: a 10-byte header and a protobuf body of at most 4
 * MiB. This package may use grpc-api, grpc-stub, grpc-protobuf, protobuf-java, slf4j (server side only) and the JDK;
 * never grpc-core or Netty, because start-up time of the command line rests on that.
 *
 * <p>What must stay true: one peer can cost only its own connection; every queue has a written bound; no socket call
 * is made while a lock is held; frames of one stream reach the wire in the order they were queued, and new stream ids
 * reach it increasing. ttRPC has no cancel frame: a caller that cancels stops listening, and the server learns of it
 * only by the deadline it was given or by the connection closing.
 */
@NullMarked
package dev.wharf.lib.ttrpc;

import org.jspecify.annotations.NullMarked;
