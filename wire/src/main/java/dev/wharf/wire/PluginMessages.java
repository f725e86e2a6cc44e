package dev.wharf.wire;

import com.google.rpc.Status;
import dev.wharf.api.services.introspection.v1.Plugin;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.plugin.PluginStatus;
import io.grpc.Status.Code;
import org.jspecify.annotations.Nullable;

/** Plugins as messages. */
public final class PluginMessages {
    private static final String SKIPPED = "skip plugin";

    private PluginMessages() {}

    /** How starting a plugin went, as a message. */
    public static Plugin toProto(PluginStatus plugin) {
        var message = Plugin.newBuilder()
                .setType(plugin.type())
                .setId(plugin.id())
                .addAllRequires(plugin.requires())
                .addAllPlatforms(
                        plugin.platforms().stream().map(PluginMessages::toProto).toList())
                .putAllExports(plugin.exports())
                .addAllCapabilities(plugin.capabilities());
        WharfException error = plugin.error();
        if (plugin.skipped()) {
            message.setInitErr(skipped(error));
        } else if (error != null) {
            message.setInitErr(
                    Status.newBuilder().setCode(StatusMapper.code(error)).setMessage(error.getMessage()));
        }
        return message.build();
    }

    /** Clients tell a skipped plugin from a failed one by the end of this text. */
    private static Status skipped(@Nullable WharfException reason) {
        String text = reason == null ? SKIPPED : reason.getMessage();
        return Status.newBuilder()
                .setCode(Code.UNKNOWN.value())
                .setMessage(text.endsWith(SKIPPED) ? text : text + ": " + SKIPPED)
                .build();
    }

    private static dev.wharf.api.types.Platform toProto(Platform platform) {
        return dev.wharf.api.types.Platform.newBuilder()
                .setOs(platform.os())
                .setArchitecture(platform.architecture())
                .setVariant(platform.variant())
                .setOsVersion(platform.osVersion())
                .addAllOsFeatures(platform.osFeatures())
                .build();
    }
}
