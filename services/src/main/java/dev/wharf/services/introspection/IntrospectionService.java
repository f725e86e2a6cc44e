package dev.wharf.services.introspection;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.services.introspection.v1.IntrospectionGrpc;
import dev.wharf.api.services.introspection.v1.PluginInfoRequest;
import dev.wharf.api.services.introspection.v1.PluginInfoResponse;
import dev.wharf.api.services.introspection.v1.PluginsRequest;
import dev.wharf.api.services.introspection.v1.PluginsResponse;
import dev.wharf.api.services.introspection.v1.ServerResponse;
import dev.wharf.api.types.RuntimeRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.plugin.PluginCatalog;
import dev.wharf.core.plugin.PluginStatus;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.PluginMessages;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Shows the daemon's plugins and who it is. No call needs a namespace. */
public final class IntrospectionService extends IntrospectionGrpc.IntrospectionImplBase {
    private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");
    private static final String RUNTIME_TYPE = "io.containerd.runtime.v2";
    private static final String RUNTIME_ID = "task";

    private final PluginCatalog plugins;
    private final TaskRuntime runtime;
    private final DaemonIdentity identity;

    /**
     * A service over the plugins.
     *
     * @param runtime what answers for the plugin of tasks
     * @param directory where the daemon's UUID is kept; made when it is missing
     */
    public IntrospectionService(PluginCatalog plugins, TaskRuntime runtime, Path directory) {
        this.plugins = plugins;
        this.runtime = runtime;
        this.identity = new DaemonIdentity(directory);
    }

    @Override
    public void plugins(PluginsRequest request, StreamObserver<PluginsResponse> response) {
        Calls.answer(response, () -> {
            Filter filter = Filter.parse(request.getFiltersList());
            return PluginsResponse.newBuilder()
                    .addAllPlugins(plugins.list().stream()
                            .filter(filter::matches)
                            .map(PluginMessages::toProto)
                            .toList())
                    .build();
        });
    }

    @Override
    public void server(Empty request, StreamObserver<ServerResponse> response) {
        Calls.answer(
                response,
                () -> ServerResponse.newBuilder()
                        .setUuid(identity.uuid())
                        .setPid(ProcessHandle.current().pid())
                        .setPidns(pidNamespace())
                        .build());
    }

    /** The inode of the link's target, which is what {@code lsns} shows too. */
    private static long pidNamespace() throws IOException {
        return (Long) Files.getAttribute(PID_NAMESPACE, "unix:ino", new LinkOption[0]);
    }

    @Override
    public void pluginInfo(PluginInfoRequest request, StreamObserver<PluginInfoResponse> response) {
        Calls.answer(response, () -> {
            PluginStatus plugin = plugin(request.getType(), request.getId());
            var answer = PluginInfoResponse.newBuilder().setPlugin(PluginMessages.toProto(plugin));
            if (request.hasOptions()) {
                extra(plugin, request.getOptions()).map(AnyMessages::toProto).ifPresent(answer::setExtra);
            }
            return answer.build();
        });
    }

    private PluginStatus plugin(String type, String id) {
        return plugins.list().stream()
                .filter(plugin -> plugin.type().equals(type) && plugin.id().equals(id))
                .findFirst()
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("plugin " + type + "." + id + " not found"));
    }

    private Optional<TypedValue> extra(PluginStatus plugin, Any options) {
        if (plugin.error() != null || plugin.skipped()) {
            throw ErrorKind.FAILED_PRECONDITION.of("cannot get extra info, plugin not successfully loaded");
        }
        if (!plugin.type().equals(RUNTIME_TYPE) || !plugin.id().equals(RUNTIME_ID)) {
            throw ErrorKind.NOT_IMPLEMENTED.of("plugin " + plugin.uri() + " has no extra information");
        }
        RuntimeRequest about = runtimeRequest(options);
        return runtime.info(
                        Requests.contextOr("default"),
                        about.getRuntimePath(),
                        AnyMessages.fromProto(about.hasOptions(), about.getOptions()))
                .encoded();
    }

    private static RuntimeRequest runtimeRequest(Any options) {
        if (!AnyMessages.typeName(options.getTypeUrl())
                .equals(RuntimeRequest.getDescriptor().getFullName())) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "options of a runtime are a RuntimeRequest, not " + options.getTypeUrl());
        }
        try {
            return RuntimeRequest.parseFrom(options.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("decode " + options.getTypeUrl(), e);
        }
    }
}
