package dev.wharf.lib.ttrpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import org.jspecify.annotations.Nullable;

/** google.rpc.Status as a gRPC status with trailers, and back; the details ride in {@code grpc-status-details-bin}. */
final class StatusMessages {
    /** A status that came in, as gRPC shows it. */
    record Received(Status status, Metadata trailers) {}

    static com.google.rpc.Status toProto(Status status, @Nullable Metadata trailers) {
        return StatusProto.fromStatusAndTrailers(status, trailers);
    }

    /** Codes that gRPC has no name for become UNKNOWN. */
    static Received received(com.google.rpc.Status status) {
        if (Status.fromCodeValue(status.getCode()).getCode().value() != status.getCode()) {
            return received(status.toBuilder()
                    .setCode(Status.Code.UNKNOWN.value())
                    .setMessage("status code " + status.getCode() + ": " + status.getMessage())
                    .build());
        }
        var raised = StatusProto.toStatusRuntimeException(status);
        Metadata trailers = raised.getTrailers();
        return new Received(raised.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private StatusMessages() {}
}
