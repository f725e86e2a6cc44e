package dev.wharf.wire;

import dev.wharf.core.mount.Mount;
import java.util.List;

/** Mounts. */
public final class MountMessages {
    private MountMessages() {}

    /** The mounts as messages. */
    public static List<dev.wharf.api.types.Mount> toProto(List<Mount> mounts) {
        return mounts.stream().map(MountMessages::toProto).toList();
    }

    /** The messages as mounts. */
    public static List<Mount> fromProto(List<dev.wharf.api.types.Mount> messages) {
        return messages.stream().map(MountMessages::fromProto).toList();
    }

    private static dev.wharf.api.types.Mount toProto(Mount mount) {
        return dev.wharf.api.types.Mount.newBuilder()
                .setType(mount.type())
                .setSource(mount.source())
                .setTarget(mount.target())
                .addAllOptions(mount.options())
                .build();
    }

    private static Mount fromProto(dev.wharf.api.types.Mount message) {
        return new Mount(message.getType(), message.getSource(), message.getTarget(), message.getOptionsList());
    }
}
