package dev.wharf.services.content;

import com.google.protobuf.Empty;
import dev.wharf.api.services.content.v1.AbortRequest;
import dev.wharf.api.services.content.v1.ContentGrpc;
import dev.wharf.api.services.content.v1.DeleteContentRequest;
import dev.wharf.api.services.content.v1.InfoRequest;
import dev.wharf.api.services.content.v1.InfoResponse;
import dev.wharf.api.services.content.v1.ListContentRequest;
import dev.wharf.api.services.content.v1.ListContentResponse;
import dev.wharf.api.services.content.v1.ListStatusesRequest;
import dev.wharf.api.services.content.v1.ListStatusesResponse;
import dev.wharf.api.services.content.v1.ReadContentRequest;
import dev.wharf.api.services.content.v1.ReadContentResponse;
import dev.wharf.api.services.content.v1.StatusRequest;
import dev.wharf.api.services.content.v1.StatusResponse;
import dev.wharf.api.services.content.v1.UpdateRequest;
import dev.wharf.api.services.content.v1.UpdateResponse;
import dev.wharf.api.services.content.v1.WriteContentRequest;
import dev.wharf.api.services.content.v1.WriteContentResponse;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.WharfException;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.MessageStream;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.ContentMessages;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Reads, writes, shows and removes blobs. */
public final class ContentService extends ContentGrpc.ContentImplBase {
    /** How many blobs one message of List holds. */
    private static final int BATCH = 100;

    private final ContentStore content;

    /** A service over a store. */
    public ContentService(ContentStore content) {
        this.content = content;
    }

    @Override
    public void info(InfoRequest request, StreamObserver<InfoResponse> response) {
        Calls.answer(
                response,
                () -> InfoResponse.newBuilder()
                        .setInfo(ContentMessages.toProto(
                                content.info(Requests.context(), ContentMessages.digest(request.getDigest()))))
                        .build());
    }

    @Override
    public void update(UpdateRequest request, StreamObserver<UpdateResponse> response) {
        Calls.answer(
                response,
                () -> UpdateResponse.newBuilder()
                        .setInfo(ContentMessages.toProto(content.update(
                                Requests.context(),
                                ContentMessages.fromProto(request.getInfo()),
                                request.getUpdateMask().getPathsList())))
                        .build());
    }

    @Override
    public void list(ListContentRequest request, StreamObserver<ListContentResponse> response) {
        Calls.stream(response, stream -> {
            List<ContentInfo> found = new ArrayList<>();
            // The store may be read within a transaction: it is left before a slow client is waited for.
            content.walk(Requests.context(), request.getFiltersList(), found::add);
            send(found, stream);
        });
    }

    private static void send(List<ContentInfo> found, MessageStream<ListContentResponse> stream) {
        for (int from = 0; from < found.size(); from += BATCH) {
            List<ContentInfo> batch = found.subList(from, Math.min(from + BATCH, found.size()));
            stream.send(ListContentResponse.newBuilder()
                    .addAllInfo(ContentMessages.toProto(batch))
                    .build());
        }
    }

    @Override
    public void delete(DeleteContentRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response, () -> content.delete(Requests.context(), ContentMessages.digest(request.getDigest())));
    }

    @Override
    public void read(ReadContentRequest request, StreamObserver<ReadContentResponse> response) {
        Calls.stream(response, stream -> new BlobReadout(content, Requests.context()).send(request, stream));
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> response) {
        Calls.answer(
                response,
                () -> StatusResponse.newBuilder()
                        .setStatus(ContentMessages.toProto(status(request.getRef())))
                        .build());
    }

    private IngestStatus status(String ref) {
        try {
            return content.status(Requests.context(), ref);
        } catch (WharfException e) {
            throw e.during("could not get status for ref \"" + ref + "\"");
        }
    }

    @Override
    public void listStatuses(ListStatusesRequest request, StreamObserver<ListStatusesResponse> response) {
        Calls.answer(
                response,
                () -> ListStatusesResponse.newBuilder()
                        .addAllStatuses(content.statuses(Requests.context(), request.getFiltersList()).stream()
                                .map(ContentMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public StreamObserver<WriteContentRequest> write(StreamObserver<WriteContentResponse> response) {
        return WriteSession.open(content, (ServerCallStreamObserver<WriteContentResponse>) response);
    }

    @Override
    public void abort(AbortRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> content.abort(Requests.context(), request.getRef()));
    }
}
