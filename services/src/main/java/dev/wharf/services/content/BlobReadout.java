package dev.wharf.services.content;

import com.google.protobuf.UnsafeByteOperations;
import dev.wharf.api.services.content.v1.ReadContentRequest;
import dev.wharf.api.services.content.v1.ReadContentResponse;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import dev.wharf.services.rpc.MessageStream;
import dev.wharf.wire.ContentMessages;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Sends a part of a blob. */
final class BlobReadout {
    /** The most bytes in one message. */
    static final int CHUNK = 1 << 20;

    private final ContentStore content;
    private final Context ctx;

    BlobReadout(ContentStore content, Context ctx) {
        this.content = content;
        this.ctx = ctx;
    }

    void send(ReadContentRequest request, MessageStream<ReadContentResponse> stream) throws IOException {
        Digest digest = ContentMessages.digest(request.getDigest());
        try (ContentReader reader = content.open(ctx, digest)) {
            long start = Math.max(0, request.getOffset());
            if (start > reader.size()) {
                throw new WharfException(ErrorKind.OUT_OF_RANGE, "read past object length " + reader.size() + " bytes");
            }
            long left = reader.size() - start;
            long wanted = request.getSize() <= 0 ? left : Math.min(request.getSize(), left);
            copy(reader, start, wanted, stream);
        }
    }

    /** The offsets of the messages count from the start of the part, not of the blob, as containerd's do. */
    private static void copy(ContentReader reader, long start, long size, MessageStream<ReadContentResponse> stream)
            throws IOException {
        long sent = 0;
        while (sent < size) {
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size - sent));
            fill(reader, chunk, start + sent);
            stream.send(ReadContentResponse.newBuilder()
                    .setOffset(sent)
                    .setData(UnsafeByteOperations.unsafeWrap(chunk.flip()))
                    .build());
            sent += chunk.limit();
        }
    }

    private static void fill(ContentReader reader, ByteBuffer chunk, long offset) throws IOException {
        while (chunk.hasRemaining()) {
            if (reader.read(chunk, offset + chunk.position()) < 0) {
                throw ErrorKind.DATA_LOSS.of("blob ends at " + (offset + chunk.position()) + " before its size");
            }
        }
    }
}
