package dev.wharf.core.typeurl;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes with the URL of their type, as {@code google.protobuf.Any} carries them.
 *
 * @param typeUrl the type, e.g. {@code containerd.runc.v1.Options}; may be empty
 * @param value the encoded value; shared, not copied: nobody changes it
 */
public record TypedValue(String typeUrl, byte[] value) {
    /** The type URL of a runtime spec as JSON (OCI runtime specification). */
    public static final String SPEC = "types.containerd.io/opencontainers/runtime-spec/1/Spec";
    /** The type URL of the process part of a runtime spec as JSON. */
    public static final String PROCESS = "types.containerd.io/opencontainers/runtime-spec/1/Process";

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TypedValue that && typeUrl.equals(that.typeUrl) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * typeUrl.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "TypedValue[" + typeUrl + ", " + value.length + " bytes]";
    }
}
