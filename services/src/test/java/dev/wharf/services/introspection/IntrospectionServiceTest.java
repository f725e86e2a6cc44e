package dev.wharf.services.introspection;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.services.introspection.v1.IntrospectionGrpc;
import dev.wharf.api.services.introspection.v1.IntrospectionGrpc.IntrospectionBlockingStub;
import dev.wharf.api.services.introspection.v1.Plugin;
import dev.wharf.api.services.introspection.v1.PluginInfoRequest;
import dev.wharf.api.services.introspection.v1.PluginInfoResponse;
import dev.wharf.api.services.introspection.v1.PluginsRequest;
import dev.wharf.api.services.introspection.v1.ServerResponse;
import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.api.types.RuntimeRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.plugin.PluginStatus;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntrospectionServiceTest {
    private TestServer server;
    private IntrospectionBlockingStub introspection;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        introspection = server.bare(IntrospectionGrpc::newBlockingStub);
        server.plugins.addAll(List.of(
                plugin("io.containerd.snapshotter.v1", "overlayfs", null, false),
                plugin("io.containerd.runtime.v2", "task", null, false),
                plugin("io.containerd.gc.v1", "scheduler", ErrorKind.NOT_FOUND.of("metadata"), false),
                plugin("io.containerd.snapshotter.v1", "zfs", ErrorKind.FAILED_PRECONDITION.of("no zfs"), true)));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static PluginStatus plugin(String type, String id, @Nullable WharfException error, boolean skipped) {
        return new PluginStatus(
                type,
                id,
                List.of("io.containerd.content.v1"),
                List.of(new Platform("linux", "arm", "v7", "1", List.of("f"))),
                Map.of("root", "/r"),
                List.of("rebase"),
                error,
                skipped);
    }

    private List<Plugin> plugins(String... filters) {
        return introspection
                .plugins(PluginsRequest.newBuilder()
                        .addAllFilters(List.of(filters))
                        .build())
                .getPluginsList();
    }

    @Test
    void versionIsWhatWasGiven() {
        var version = server.bare(VersionGrpc::newBlockingStub).version(Empty.getDefaultInstance());

        assertThat(version.getVersion()).isEqualTo("1.2.3");
        assertThat(version.getRevision()).isEqualTo("abc");
    }

    @Test
    void pluginsAreShownWithAllTheirParts() {
        Plugin plugin = plugins().getFirst();

        assertThat(plugin.getType()).isEqualTo("io.containerd.snapshotter.v1");
        assertThat(plugin.getId()).isEqualTo("overlayfs");
        assertThat(plugin.getRequiresList()).containsExactly("io.containerd.content.v1");
        assertThat(plugin.getPlatforms(0).getOs()).isEqualTo("linux");
        assertThat(plugin.getPlatforms(0).getArchitecture()).isEqualTo("arm");
        assertThat(plugin.getPlatforms(0).getVariant()).isEqualTo("v7");
        assertThat(plugin.getPlatforms(0).getOsFeaturesList()).containsExactly("f");
        assertThat(plugin.getExportsMap()).isEqualTo(Map.of("root", "/r"));
        assertThat(plugin.getCapabilitiesList()).containsExactly("rebase");
        assertThat(plugin.hasInitErr()).isFalse();
    }

    @Test
    void failedPluginTellsWhy() {
        var error = plugins("id==scheduler").getFirst().getInitErr();

        assertThat(error.getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(error.getMessage()).isEqualTo("metadata: not found");
    }

    @Test
    void skippedPluginIsUnknownWithTheTextClientsLookFor() {
        var error = plugins("id==zfs").getFirst().getInitErr();

        assertThat(error.getCode()).isEqualTo(Status.Code.UNKNOWN.value());
        assertThat(error.getMessage()).isEqualTo("no zfs: failed precondition: skip plugin");
    }

    @Test
    void filtersNameTypeAndId() {
        assertThat(plugins("type==io.containerd.snapshotter.v1")).hasSize(2);
        assertThat(plugins("type==io.containerd.snapshotter.v1,id==zfs", "id==task"))
                .hasSize(2);
        refused(Status.Code.INVALID_ARGUMENT, "invalid argument", () -> plugins("a=b"));
    }

    @Test
    void serverTellsWhoItIs() throws Exception {
        ServerResponse response = introspection.server(Empty.getDefaultInstance());

        assertThat(UUID.fromString(response.getUuid()).version()).isEqualTo(4);
        assertThat(response.getPid()).isEqualTo(ProcessHandle.current().pid());
        String link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        assertThat(link).isEqualTo("pid:[" + response.getPidns() + "]");
        assertThat(response.getDeprecationsList()).isEmpty();
    }

    @Test
    void uuidStaysTheSame() throws Exception {
        String uuid = introspection.server(Empty.getDefaultInstance()).getUuid();

        assertThat(introspection.server(Empty.getDefaultInstance()).getUuid()).isEqualTo(uuid);
        assertThat(server.directory.resolve("identity/uuid")).hasContent(uuid);
    }

    @Test
    void uuidFileMustHoldOne() throws Exception {
        Files.createDirectories(server.directory.resolve("identity"));
        Files.writeString(server.directory.resolve("identity/uuid"), "nonsense");

        refused(
                Status.Code.UNKNOWN,
                "remove it to get a new one",
                () -> introspection.server(Empty.getDefaultInstance()));
    }

    private PluginInfoResponse info(String type, String id, @Nullable Any options) {
        var request = PluginInfoRequest.newBuilder().setType(type).setId(id);
        if (options != null) {
            request.setOptions(options);
        }
        return introspection.pluginInfo(request.build());
    }

    private static Any runtimeRequest(String prefix) {
        RuntimeRequest request = RuntimeRequest.newBuilder()
                .setRuntimePath("io.containerd.runc.v2")
                .setOptions(Any.newBuilder()
                        .setTypeUrl("containerd.runc.v1.Options")
                        .setValue(Options.newBuilder()
                                .setBinaryName("crun")
                                .build()
                                .toByteString()))
                .build();
        return Any.newBuilder()
                .setTypeUrl(prefix + "containerd.types.RuntimeRequest")
                .setValue(request.toByteString())
                .build();
    }

    @Test
    void infoOfAPluginShowsIt() {
        PluginInfoResponse response = info("io.containerd.snapshotter.v1", "overlayfs", null);

        assertThat(response.getPlugin().getId()).isEqualTo("overlayfs");
        assertThat(response.hasExtra()).isFalse();
    }

    @Test
    void infoOfTheRuntimeAsksIt() {
        PluginInfoResponse response = info("io.containerd.runtime.v2", "task", runtimeRequest(""));

        assertThat(response.getExtra().getTypeUrl()).isEqualTo("containerd.types.RuntimeInfo");
        assertThat(server.runtime.asked)
                .containsExactly("default io.containerd.runc.v2 TypedValue[containerd.runc.v1.Options, 6 bytes]");

        info("io.containerd.runtime.v2", "task", runtimeRequest("type.googleapis.com/"));
        assertThat(server.runtime.asked).hasSize(2);
    }

    @Test
    void infoIsRefusedWhereThereIsNone() {
        refused(Status.Code.NOT_FOUND, "plugin a.b not found: not found", () -> info("a", "b", null));
        refused(
                Status.Code.FAILED_PRECONDITION,
                "plugin not successfully loaded: failed precondition",
                () -> info("io.containerd.gc.v1", "scheduler", runtimeRequest("")));
        refused(
                Status.Code.UNIMPLEMENTED,
                "not implemented",
                () -> info("io.containerd.snapshotter.v1", "overlayfs", runtimeRequest("")));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "not x: invalid argument",
                () -> info(
                        "io.containerd.runtime.v2",
                        "task",
                        Any.newBuilder().setTypeUrl("x").build()));
    }
}
