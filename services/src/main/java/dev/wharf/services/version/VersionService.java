package dev.wharf.services.version;

import com.google.protobuf.Empty;
import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.api.services.version.v1.VersionResponse;
import dev.wharf.services.rpc.Calls;
import io.grpc.stub.StreamObserver;

/** Says which version the daemon is. */
public final class VersionService extends VersionGrpc.VersionImplBase {
    private final VersionResponse answer;

    /** A service that answers with these. */
    public VersionService(String version, String revision) {
        this.answer = VersionResponse.newBuilder()
                .setVersion(version)
                .setRevision(revision)
                .build();
    }

    @Override
    public void version(Empty request, StreamObserver<VersionResponse> response) {
        Calls.answer(response, () -> answer);
    }
}
