/**
 * The service {@code containerd.services.content.v1.Content}: blobs and ingests.
 *
 * <p>A stream of writes is one writer, locked from its first message until the stream ends in whatever way. Messages
 * of 1 MiB are the largest it sends. May use core, api, wire and the package rpc.
 */
@NullMarked
package dev.wharf.services.content;

import org.jspecify.annotations.NullMarked;
