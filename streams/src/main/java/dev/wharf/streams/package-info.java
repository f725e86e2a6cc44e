/**
 * Streams that a client opens under a name by containerd's Streaming service, for other calls to refer to: the serving
 * end of one ({@link dev.wharf.streams.StreamCall}), and bytes over one, in either direction.
 *
 * <p>Bytes flow as far as their reader opens a window: it sends WindowUpdate, the other side Data of at most 32 KiB,
 * never more than the window has. Shared by daemon, shims and client; uses api alone. What must stay true: at no end is
 * more kept than one message and what the window allows. Source: containerd's core/transfer/streaming.
 */
@NullMarked
package dev.wharf.streams;

import org.jspecify.annotations.NullMarked;
