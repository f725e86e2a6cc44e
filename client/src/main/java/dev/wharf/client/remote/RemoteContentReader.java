package dev.wharf.client.remote;

import dev.wharf.api.services.content.v1.ContentGrpc.ContentBlockingStub;
import dev.wharf.api.services.content.v1.ReadContentRequest;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;

/** Reads one blob of a daemon; each read is one call that asks for as much as the buffer takes. */
final class RemoteContentReader implements ContentReader {
    private final ContentBlockingStub stub;
    private final Context ctx;
    private final Digest digest;
    private final long size;

    RemoteContentReader(ContentBlockingStub stub, Context ctx, Digest digest, long size) {
        this.stub = stub;
        this.ctx = ctx;
        this.digest = digest;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer buffer, long offset) {
        if (offset >= size) {
            return -1;
        }
        int wanted = (int) Math.min(buffer.remaining(), size - offset);
        if (wanted == 0) {
            return 0;
        }
        var request = ReadContentRequest.newBuilder()
                .setDigest(digest.toString())
                .setOffset(offset)
                .setSize(wanted)
                .build();
        int before = buffer.position();
        Calls.each(() -> Calls.with(stub, ctx, Calls.LONG).read(request), message -> {
            if (message.getData().size() > wanted - (buffer.position() - before)) {
                throw ErrorKind.DATA_LOSS.of("daemon sent more of blob " + digest + " than was asked for");
            }
            message.getData().copyTo(buffer);
        });
        return buffer.position() - before;
    }

    @Override
    public void close() {}
}
