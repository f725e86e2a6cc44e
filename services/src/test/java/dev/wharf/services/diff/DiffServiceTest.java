package dev.wharf.services.diff;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.wharf.api.services.diff.v1.ApplyRequest;
import dev.wharf.api.services.diff.v1.DiffGrpc;
import dev.wharf.api.services.diff.v1.DiffGrpc.DiffBlockingStub;
import dev.wharf.api.services.diff.v1.DiffRequest;
import dev.wharf.api.types.Descriptor;
import dev.wharf.api.types.Mount;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiffServiceTest {
    private TestServer server;
    private DiffBlockingStub diff;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        diff = server.stub(DiffGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final String DIGEST = "sha256:" + "b".repeat(64);

    private static ApplyRequest request(String mediaType) {
        return ApplyRequest.newBuilder()
                .setDiff(Descriptor.newBuilder()
                        .setMediaType(mediaType)
                        .setDigest(DIGEST)
                        .setSize(9))
                .addMounts(Mount.newBuilder().setType("bind").setSource("/m").addOptions("rw"))
                .putPayloads("p", Any.newBuilder().setTypeUrl("t").build())
                .setSyncFs(true)
                .build();
    }

    @Test
    void firstApplierThatHandlesTheTypeAnswers() {
        assertThat(diff.apply(request("x.erofs")).getApplied().getMediaType()).isEqualTo("erofs");
        assertThat(server.applied).isEmpty();

        assertThat(diff.apply(request("x.tar")).getApplied().getMediaType()).isEqualTo("tar");
        assertThat(server.applied)
                .containsExactly("x.tar " + DIGEST
                        + " [Mount[type=bind, source=/m, target=, options=[rw]]]"
                        + " Options[payloads={p=TypedValue[t, 0 bytes]}, syncFs=true]");
    }

    @Test
    void typeThatNoApplierHandlesIsNotImplemented() {
        refused(
                Status.Code.UNIMPLEMENTED,
                "walking: media type x.rar: not implemented",
                () -> diff.apply(request("x.rar")));
    }

    @Test
    void digestMustBeOne() {
        refused(Status.Code.INVALID_ARGUMENT, "invalid argument", () -> diff.apply(ApplyRequest.getDefaultInstance()));
    }

    @Test
    void makingLayersIsNotImplemented() {
        refused(Status.Code.UNIMPLEMENTED, "not implemented", () -> diff.diff(DiffRequest.getDefaultInstance()));
    }
}
