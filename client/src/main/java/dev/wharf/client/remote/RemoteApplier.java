package dev.wharf.client.remote;

import dev.wharf.api.services.diff.v1.ApplyRequest;
import dev.wharf.api.services.diff.v1.DiffGrpc;
import dev.wharf.api.services.diff.v1.DiffGrpc.DiffBlockingStub;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.MountMessages;
import io.grpc.Channel;
import java.util.List;

/** Applies layers in a daemon. */
public final class RemoteApplier implements Applier {
    private final DiffBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteApplier(Channel channel) {
        this.stub = DiffGrpc.newBlockingStub(channel);
    }

    @Override
    public Descriptor apply(Context ctx, Descriptor diff, List<Mount> mounts, Options options) {
        var request = ApplyRequest.newBuilder()
                .setDiff(DescriptorMessages.toProto(diff))
                .addAllMounts(MountMessages.toProto(mounts))
                .putAllPayloads(AnyMessages.toProto(options.payloads()))
                .setSyncFs(options.syncFs())
                .build();
        return Calls.call(() -> DescriptorMessages.fromProto(
                Calls.with(stub, ctx, Calls.LONG).apply(request).getApplied()));
    }
}
