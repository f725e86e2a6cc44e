package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.content.v1.AbortRequest;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.ContentGrpc.ContentBlockingStub;
import dev.wharf.api.services.content.v1.DeleteContentRequest;
import dev.wharf.api.services.content.v1.InfoRequest;
import dev.wharf.api.services.content.v1.ListContentRequest;
import dev.wharf.api.services.content.v1.ListStatusesRequest;
import dev.wharf.api.services.content.v1.StatusRequest;
import dev.wharf.api.services.content.v1.UpdateRequest;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import dev.wharf.wire.ContentMessages;
import io.grpc.Channel;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The blobs and ingests of a daemon. */
public final class RemoteContentStore implements ContentStore {
    private final Channel channel;
    private final ContentBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteContentStore(Channel channel) {
        this.channel = channel;
        this.stub = ContentGrpc.newBlockingStub(channel);
    }

    @Override
    public ContentInfo info(Context ctx, Digest digest) {
        var request = InfoRequest.newBuilder().setDigest(digest.toString()).build();
        return Calls.call(() -> ContentMessages.fromProto(in(ctx).info(request).getInfo()));
    }

    @Override
    public ContentInfo update(Context ctx, ContentInfo info, List<String> paths) {
        var request = UpdateRequest.newBuilder().setInfo(ContentMessages.toProto(info));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(
                () -> ContentMessages.fromProto(in(ctx).update(request.build()).getInfo()));
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor) {
        var request = ListContentRequest.newBuilder().addAllFilters(filters).build();
        Calls.each(
                () -> Calls.with(stub, ctx, Calls.LONG).list(request),
                message -> message.getInfoList().forEach(info -> visitor.accept(ContentMessages.fromProto(info))));
    }

    @Override
    public void delete(Context ctx, Digest digest) {
        var request =
                DeleteContentRequest.newBuilder().setDigest(digest.toString()).build();
        Calls.run(() -> in(ctx).delete(request));
    }

    @Override
    public ContentReader open(Context ctx, Digest digest) {
        return new RemoteContentReader(stub, ctx, digest, info(ctx, digest).size());
    }

    @Override
    public IngestStatus status(Context ctx, String ref) {
        var request = StatusRequest.newBuilder().setRef(ref).build();
        return Calls.call(
                () -> ContentMessages.fromProto(in(ctx).status(request).getStatus()));
    }

    @Override
    public List<IngestStatus> statuses(Context ctx, List<String> filters) {
        var request = ListStatusesRequest.newBuilder().addAllFilters(filters).build();
        return Calls.call(() -> in(ctx).listStatuses(request)).getStatusesList().stream()
                .map(ContentMessages::fromProto)
                .toList();
    }

    @Override
    public void abort(Context ctx, String ref) {
        var request = AbortRequest.newBuilder().setRef(ref).build();
        Calls.run(() -> in(ctx).abort(request));
    }

    @Override
    public ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected) {
        if (ref.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("an ingest needs a reference");
        }
        return RemoteContentWriter.open(channel, ctx, ref, total, expected);
    }

    private ContentBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, Calls.USUAL);
    }
}
