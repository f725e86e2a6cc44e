package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.snapshots.v1.CleanupRequest;
import dev.wharf.api.services.snapshots.v1.CommitSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.ListSnapshotsRequest;
import dev.wharf.api.services.snapshots.v1.MountsRequest;
import dev.wharf.api.services.snapshots.v1.PrepareSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.RemoveSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.SnapshotsGrpc;
import dev.wharf.api.services.snapshots.v1.SnapshotsGrpc.SnapshotsBlockingStub;
import dev.wharf.api.services.snapshots.v1.StatSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.UpdateSnapshotRequest;
import dev.wharf.api.services.snapshots.v1.UsageRequest;
import dev.wharf.api.services.snapshots.v1.ViewSnapshotRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.core.snapshots.Usage;
import dev.wharf.wire.MountMessages;
import dev.wharf.wire.SnapshotMessages;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One snapshotter of a daemon. */
public final class RemoteSnapshotter implements Snapshotter {
    private final SnapshotsBlockingStub stub;
    private final String name;

    /** Calls the snapshotter {@code name}, e.g. {@code overlayfs}, through {@code channel}. */
    public RemoteSnapshotter(Channel channel, String name) {
        this.stub = SnapshotsGrpc.newBlockingStub(channel);
        this.name = name;
    }

    @Override
    public SnapshotInfo stat(Context ctx, String key) {
        var request = StatSnapshotRequest.newBuilder()
                .setSnapshotter(name)
                .setKey(key)
                .build();
        return Calls.call(() -> SnapshotMessages.fromProto(in(ctx).stat(request).getInfo()));
    }

    @Override
    public SnapshotInfo update(Context ctx, SnapshotInfo info, List<String> paths) {
        var request = UpdateSnapshotRequest.newBuilder().setSnapshotter(name).setInfo(SnapshotMessages.toProto(info));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(
                () -> SnapshotMessages.fromProto(in(ctx).update(request.build()).getInfo()));
    }

    @Override
    public Usage usage(Context ctx, String key) {
        var request = UsageRequest.newBuilder().setSnapshotter(name).setKey(key).build();
        var usage = Calls.call(() -> in(ctx, Calls.LONG).usage(request));
        return new Usage(usage.getSize(), usage.getInodes());
    }

    @Override
    public List<Mount> mounts(Context ctx, String key) {
        var request =
                MountsRequest.newBuilder().setSnapshotter(name).setKey(key).build();
        return Calls.call(() -> MountMessages.fromProto(in(ctx).mounts(request).getMountsList()));
    }

    @Override
    public List<Mount> prepare(Context ctx, String key, String parent, Map<String, String> labels) {
        var request = PrepareSnapshotRequest.newBuilder()
                .setSnapshotter(name)
                .setKey(key)
                .setParent(parent)
                .putAllLabels(labels)
                .build();
        return Calls.call(() -> MountMessages.fromProto(in(ctx).prepare(request).getMountsList()));
    }

    @Override
    public List<Mount> view(Context ctx, String key, String parent, Map<String, String> labels) {
        var request = ViewSnapshotRequest.newBuilder()
                .setSnapshotter(name)
                .setKey(key)
                .setParent(parent)
                .putAllLabels(labels)
                .build();
        return Calls.call(() -> MountMessages.fromProto(in(ctx).view(request).getMountsList()));
    }

    @Override
    public void commit(Context ctx, String committed, String key, String parent, Map<String, String> labels) {
        var request = CommitSnapshotRequest.newBuilder()
                .setSnapshotter(name)
                .setName(committed)
                .setKey(key)
                .setParent(parent)
                .putAllLabels(labels)
                .build();
        Calls.run(() -> in(ctx, Calls.LONG).commit(request));
    }

    @Override
    public void remove(Context ctx, String key) {
        var request = RemoveSnapshotRequest.newBuilder()
                .setSnapshotter(name)
                .setKey(key)
                .build();
        Calls.run(() -> in(ctx, Calls.LONG).remove(request));
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<SnapshotInfo> visitor) {
        var request = ListSnapshotsRequest.newBuilder()
                .setSnapshotter(name)
                .addAllFilters(filters)
                .build();
        Calls.each(
                () -> in(ctx, Calls.LONG).list(request),
                message -> message.getInfoList().forEach(info -> visitor.accept(SnapshotMessages.fromProto(info))));
    }

    /** Daemons whose snapshotters free everything at once have nothing to clean up, and say they cannot. */
    @Override
    public void cleanup(Context ctx) {
        var request = CleanupRequest.newBuilder().setSnapshotter(name).build();
        try {
            Calls.run(() -> in(ctx, Calls.LONG).cleanup(request));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.NOT_IMPLEMENTED) {
                throw e;
            }
        }
    }

    private SnapshotsBlockingStub in(Context ctx) {
        return in(ctx, Calls.USUAL);
    }

    private SnapshotsBlockingStub in(Context ctx, Duration limit) {
        return Calls.with(stub, ctx, limit);
    }
}
