package dev.wharf.services.diff;

import dev.wharf.api.services.diff.v1.ApplyRequest;
import dev.wharf.api.services.diff.v1.ApplyResponse;
import dev.wharf.api.services.diff.v1.DiffGrpc;
import dev.wharf.api.services.diff.v1.DiffRequest;
import dev.wharf.api.services.diff.v1.DiffResponse;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.MountMessages;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** Applies layers. Making layers is not implemented. */
public final class DiffService extends DiffGrpc.DiffImplBase {
    private final Applier applier;

    /** A service over an applier. */
    public DiffService(Applier applier) {
        this.applier = applier;
    }

    @Override
    public void apply(ApplyRequest request, StreamObserver<ApplyResponse> response) {
        Calls.answer(
                response,
                () -> ApplyResponse.newBuilder()
                        .setApplied(DescriptorMessages.toProto(apply(request)))
                        .build());
    }

    private Descriptor apply(ApplyRequest request) {
        Context ctx = Requests.context();
        Descriptor diff = DescriptorMessages.fromProto(request.getDiff());
        List<Mount> mounts = MountMessages.fromProto(request.getMountsList());
        var options = new Applier.Options(AnyMessages.fromProto(request.getPayloadsMap()), request.getSyncFs());
        return applier.apply(ctx, diff, mounts, options);
    }

    @Override
    public void diff(DiffRequest request, StreamObserver<DiffResponse> response) {
        Calls.answer(response, () -> {
            throw ErrorKind.NOT_IMPLEMENTED.of("make a layer of the difference of mounts");
        });
    }
}
