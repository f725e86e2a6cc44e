package dev.wharf.core.diff;

import dev.wharf.core.context.Context;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.typeurl.TypedValue;
import java.util.List;
import java.util.Map;

/** Applies layers to mounts. */
public interface Applier {
    /**
     * Unpacks the layer {@code diff} into {@code mounts} and answers the descriptor of its uncompressed archive, whose
     * digest is the layer's diff id. {@code NOT_FOUND} for the blob, {@code NOT_IMPLEMENTED} for a media type or mounts
     * this one does not handle, {@code INVALID_ARGUMENT} for a broken or hostile archive.
     */
    Descriptor apply(Context ctx, Descriptor diff, List<Mount> mounts, Options options);

    /**
     * How to apply.
     *
     * @param payloads values for stream processors, by media type or name
     * @param syncFs whether to make the result durable before answering
     */
    record Options(Map<String, TypedValue> payloads, boolean syncFs) {
        public static final Options DEFAULT = new Options(Map.of(), false);

        public Options {
            payloads = Map.copyOf(payloads);
        }
    }
}
