package dev.wharf.services.snapshots;

import com.google.protobuf.Empty;
import dev.wharf.api.services.snapshots.v1.CleanupRequest;
import dev.wharf.api.services.snapshots.v1.CommitSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.ListSnapshotsRequest;
import dev.wharf.api.services.snapshots.v1.ListSnapshotsResponse;
import dev.wharf.api.services.snapshots.v1.MountsRequest;
import dev.wharf.api.services.snapshots.v1.MountsResponse;
import dev.wharf.api.services.snapshots.v1.PrepareSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.PrepareSnapshotResponse;
import dev.wharf.api.services.snapshots.v1.RemoveSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.SnapshotsGrpc;
import dev.wharf.api.services.snapshots.v1.StatSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.StatSnapshotResponse;
import dev.wharf.api.services.snapshots.v1.UpdateSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.UpdateSnapshotResponse;
import dev.wharf.api.services.snapshots.v1.UsageRequest;
import dev.wharf.api.services.snapshots.v1.UsageResponse;
import dev.wharf.api.services.snapshots.v1.ViewSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.ViewSnapshotResponse;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.MessageStream;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.MountMessages;
import dev.wharf.wire.SnapshotMessages;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes, shows, commits and removes snapshots of the snapshotter a request names. */
public final class SnapshotService extends SnapshotsGrpc.SnapshotsImplBase {
    /** How many snapshots one message of List holds. */
    private static final int BATCH = 100;

    private final Map<String, Snapshotter> snapshotters;

    /** A service over snapshotters by name. */
    public SnapshotService(Map<String, Snapshotter> snapshotters) {
        this.snapshotters = Map.copyOf(snapshotters);
    }

    private Snapshotter snapshotter(String name) {
        if (name.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("snapshotter argument missing");
        }
        Snapshotter found = snapshotters.get(name);
        if (found == null) {
            throw ErrorKind.INVALID_ARGUMENT.of("snapshotter not loaded: " + name);
        }
        return found;
    }

    @Override
    public void prepare(PrepareSnapshotRequest request, StreamObserver<PrepareSnapshotResponse> response) {
        Calls.answer(
                response,
                () -> PrepareSnapshotResponse.newBuilder()
                        .addAllMounts(MountMessages.toProto(snapshotter(request.getSnapshotter())
                                .prepare(
                                        Requests.context(),
                                        request.getKey(),
                                        request.getParent(),
                                        request.getLabelsMap())))
                        .build());
    }

    @Override
    public void view(ViewSnapshotRequest request, StreamObserver<ViewSnapshotResponse> response) {
        Calls.answer(
                response,
                () -> ViewSnapshotResponse.newBuilder()
                        .addAllMounts(MountMessages.toProto(snapshotter(request.getSnapshotter())
                                .view(
                                        Requests.context(),
                                        request.getKey(),
                                        request.getParent(),
                                        request.getLabelsMap())))
                        .build());
    }

    @Override
    public void mounts(MountsRequest request, StreamObserver<MountsResponse> response) {
        Calls.answer(
                response,
                () -> MountsResponse.newBuilder()
                        .addAllMounts(MountMessages.toProto(
                                snapshotter(request.getSnapshotter()).mounts(Requests.context(), request.getKey())))
                        .build());
    }

    @Override
    public void commit(CommitSnapshotRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response,
                () -> snapshotter(request.getSnapshotter())
                        .commit(
                                Requests.context(),
                                request.getName(),
                                request.getKey(),
                                request.getParent(),
                                request.getLabelsMap()));
    }

    @Override
    public void remove(RemoveSnapshotRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(
                response, () -> snapshotter(request.getSnapshotter()).remove(Requests.context(), request.getKey()));
    }

    @Override
    public void stat(StatSnapshotRequest request, StreamObserver<StatSnapshotResponse> response) {
        Calls.answer(
                response,
                () -> StatSnapshotResponse.newBuilder()
                        .setInfo(SnapshotMessages.toProto(
                                snapshotter(request.getSnapshotter()).stat(Requests.context(), request.getKey())))
                        .build());
    }

    @Override
    public void update(UpdateSnapshotRequest request, StreamObserver<UpdateSnapshotResponse> response) {
        Calls.answer(
                response,
                () -> UpdateSnapshotResponse.newBuilder()
                        .setInfo(SnapshotMessages.toProto(snapshotter(request.getSnapshotter())
                                .update(
                                        Requests.context(),
                                        SnapshotMessages.fromProto(request.getInfo()),
                                        request.getUpdateMask().getPathsList())))
                        .build());
    }

    @Override
    public void list(ListSnapshotsRequest request, StreamObserver<ListSnapshotsResponse> response) {
        Calls.stream(response, stream -> {
            List<SnapshotInfo> found = new ArrayList<>();
            // The index may be read within a transaction: it is left before a slow client is waited for.
            snapshotter(request.getSnapshotter()).walk(Requests.context(), request.getFiltersList(), found::add);
            send(found, stream);
        });
    }

    private static void send(List<SnapshotInfo> found, MessageStream<ListSnapshotsResponse> stream) {
        for (int from = 0; from < found.size(); from += BATCH) {
            List<SnapshotInfo> batch = found.subList(from, Math.min(from + BATCH, found.size()));
            stream.send(ListSnapshotsResponse.newBuilder()
                    .addAllInfo(batch.stream().map(SnapshotMessages::toProto).toList())
                    .build());
        }
    }

    @Override
    public void usage(UsageRequest request, StreamObserver<UsageResponse> response) {
        Calls.answer(response, () -> {
            Usage usage = snapshotter(request.getSnapshotter()).usage(Requests.context(), request.getKey());
            return UsageResponse.newBuilder()
                    .setSize(usage.size())
                    .setInodes(usage.inodes())
                    .build();
        });
    }

    @Override
    public void cleanup(CleanupRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> snapshotter(request.getSnapshotter()).cleanup(Requests.context()));
    }
}
