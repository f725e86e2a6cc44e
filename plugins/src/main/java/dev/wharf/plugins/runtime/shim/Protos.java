package dev.wharf.plugins.runtime.shim;

import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;

/** The shim API's messages from and to the domain's values. */
final class Protos {
    private Protos() {}

    static Any any(TypedValue value) {
        return Any.newBuilder()
                .setTypeUrl(value.typeUrl())
                .setValue(UnsafeByteOperations.unsafeWrap(value.value()))
                .build();
    }

    static TypedValue value(Any any) {
        return new TypedValue(any.getTypeUrl(), any.getValue().toByteArray());
    }

    /** The moment; {@link Instant#EPOCH} for none. Go's zero time is none, too. */
    static Instant instant(Timestamp timestamp) {
        return timestamp.getSeconds() <= 0
                ? Instant.EPOCH
                : Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    static dev.wharf.api.types.Mount mount(Mount mount) {
        return dev.wharf.api.types.Mount.newBuilder()
                .setType(mount.type())
                .setSource(mount.source())
                .setTarget(mount.target())
                .addAllOptions(mount.options())
                .build();
    }

    static Status status(dev.wharf.api.types.task.Status status) {
        return switch (status) {
            case CREATED -> Status.CREATED;
            case RUNNING -> Status.RUNNING;
            case STOPPED -> Status.STOPPED;
            case PAUSED -> Status.PAUSED;
            case PAUSING -> Status.PAUSING;
            case UNKNOWN, UNRECOGNIZED -> Status.UNKNOWN;
        };
    }
}
