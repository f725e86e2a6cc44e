package dev.wharf.client.remote;

import com.google.protobuf.ByteString;
import dev.wharf.api.services.content.v1.WriteAction;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import dev.wharf.wire.ContentMessages;
import dev.wharf.wire.Times;
import io.grpc.Channel;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one ingest of a daemon through a stream of requests, each of which is answered.
 *
 * <p>A failed request ends the stream, not the ingest: the next method opens another stream where the ingest then
 * stands. The wire can throw away all of an ingest or nothing: {@link #truncate} to another offset than 0 fails with
 * {@code OUT_OF_RANGE} at the next write, unless nothing was written beyond it.
 */
final class RemoteContentWriter implements ContentWriter {
    /** Far below the 4 MiB a ttRPC message may have. */
    private static final int CHUNK = 1 << 20;

    private final Channel channel;
    private final Context ctx;
    private final String ref;
    private final long total;
    private final @Nullable Digest expected;

    private @Nullable WriteStream stream;
    private long offset;
    private boolean restart;
    private boolean closed;

    private RemoteContentWriter(Channel channel, Context ctx, String ref, long total, @Nullable Digest expected) {
        this.channel = channel;
        this.ctx = ctx;
        this.ref = ref;
        this.total = total;
        this.expected = expected;
    }

    static RemoteContentWriter open(Channel channel, Context ctx, String ref, long total, @Nullable Digest expected) {
        RemoteContentWriter writer = new RemoteContentWriter(channel, ctx, ref, total, expected);
        writer.offset = writer.stat().getOffset();
        return writer;
    }

    @Override
    public IngestStatus status() {
        if (restart) {
            startOver();
        }
        WriteContentResponse answer = stat();
        return new IngestStatus(
                ref,
                answer.getOffset(),
                total,
                expected,
                Times.fromProto(answer.getStartedAt()),
                Times.fromProto(answer.getUpdatedAt()));
    }

    @Override
    public Digest digest() {
        if (restart) {
            startOver();
        }
        return ContentMessages.digest(stat().getDigest());
    }

    @Override
    public void write(ByteBuffer data) {
        if (restart) {
            startOver();
        }
        while (data.hasRemaining()) {
            ByteString chunk = ByteString.copyFrom(data, Math.min(CHUNK, data.remaining()));
            WriteContentResponse answer = send(WriteContentRequest.newBuilder()
                    .setAction(WriteAction.WRITE)
                    .setOffset(offset)
                    .setData(chunk));
            offset += chunk.size();
            if (answer.getOffset() != offset) {
                throw ErrorKind.DATA_LOSS.of("daemon has " + answer.getOffset() + " bytes of ingest " + ref + " after "
                        + offset + " were sent");
            }
        }
    }

    @Override
    public void truncate(long to) {
        if (to < 0 || to > offset) {
            throw ErrorKind.INVALID_ARGUMENT.of("truncate ingest " + ref + " of " + offset + " bytes to " + to);
        }
        restart = to == 0 && offset > 0;
        offset = to;
    }

    @Override
    public void commit(long expectedSize, @Nullable Digest digest, Map<String, String> labels) {
        if (closed) {
            throw ErrorKind.FAILED_PRECONDITION.of("commit of ingest " + ref + ", which is closed");
        }
        if (restart) {
            startOver();
        }
        send(WriteContentRequest.newBuilder()
                .setAction(WriteAction.COMMIT)
                .setOffset(offset)
                .setTotal(expectedSize)
                .setExpected(digest == null ? "" : digest.toString())
                .putAllLabels(labels));
        close();
    }

    @Override
    public void close() {
        closed = true;
        WriteStream open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }

    /** A write at offset 0 empties an ingest that has bytes, even if it brings none. */
    private void startOver() {
        send(WriteContentRequest.newBuilder().setAction(WriteAction.WRITE).setOffset(0));
        restart = false;
    }

    private WriteContentResponse stat() {
        return send(WriteContentRequest.newBuilder().setAction(WriteAction.STAT));
    }

    private WriteContentResponse send(WriteContentRequest.Builder request) {
        WriteStream open = stream;
        if (open == null) {
            if (closed) {
                throw ErrorKind.FAILED_PRECONDITION.of("ingest " + ref + " is closed");
            }
            open = WriteStream.open(channel, ctx);
            stream = open;
            request.setRef(ref);
            if (request.getAction() != WriteAction.COMMIT) {
                request.setTotal(total).setExpected(expected == null ? "" : expected.toString());
            }
        }
        try {
            return open.exchange(request.build());
        } catch (WharfException e) {
            stream = null;
            open.close();
            throw e;
        }
    }
}
