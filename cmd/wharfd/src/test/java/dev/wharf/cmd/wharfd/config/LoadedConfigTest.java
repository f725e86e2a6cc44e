package dev.wharf.cmd.wharfd.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedConfigTest {
    @TempDir
    Path directory;

    @Test
    void defaultsAreContainerds() {
        LoadedConfig loaded = LoadedConfig.load(Optional.empty(), LoadedConfig.Overrides.NONE);
        ServerConfig config = loaded.config();
        assertThat(loaded.problems().errors()).isEmpty();
        assertThat(loaded.problems().notes()).isEmpty();
        assertThat(config.root()).isEqualTo(Path.of("/var/lib/containerd"));
        assertThat(config.state()).isEqualTo(Path.of("/run/containerd"));
        assertThat(config.temp()).isEmpty();
        assertThat(config.oomScore()).isZero();
        assertThat(config.log()).isEqualTo(new LogConfig("", "", false));
        assertThat(config.grpc())
                .isEqualTo(new GrpcConfig(
                        "/run/containerd/containerd.sock",
                        Processes.effectiveUser(),
                        Processes.effectiveGroup(),
                        16777216,
                        16777216));
        assertThat(config.ttrpc().address()).isEqualTo("/run/containerd/containerd.sock.ttrpc");
        assertThat(config.plugin("io.containerd.gc.v1.scheduler", GcConfig.class))
                .isEqualTo(new GcConfig(0.02, 0, 100, Duration.ZERO, Duration.ofMillis(100)));
        assertThat(config.plugin("io.containerd.metadata.v1.bolt", MetadataConfig.class))
                .isEqualTo(new MetadataConfig(true, false));
        assertThat(config.plugin("io.containerd.snapshotter.v1.overlayfs", OverlayConfig.class))
                .isEqualTo(new OverlayConfig("", false, false, false, List.of(), true));
        assertThat(config.plugin("io.containerd.snapshotter.v1.native", NativeConfig.class))
                .isEqualTo(new NativeConfig("", true));
        assertThat(config.plugin("io.containerd.service.v1.diff-service", DiffConfig.class))
                .isEqualTo(new DiffConfig(List.of("walking"), false));
        assertThat(config.plugin("io.containerd.differ.v1.walking", WalkingConfig.class))
                .isEqualTo(new WalkingConfig(
                        1L << 40,
                        4_000_000,
                        Math.max(4, 2 * Runtime.getRuntime().availableProcessors())));
        assertThat(config.plugin("io.containerd.transfer.v1.local", TransferConfig.class)
                        .registry())
                .isEqualTo(new RegistryConfig(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        1024,
                        Duration.ofMinutes(1),
                        5));
        assertThat(config.plugin("io.containerd.shim.v1.manager", ShimConfig.class))
                .isEqualTo(new ShimConfig(List.of(), "", true));
        assertThat(config.plugin("io.containerd.internal.v1.opt", OptConfig.class))
                .isEqualTo(new OptConfig("/opt/containerd"));
        assertThat(config.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2)));
        assertThat(config.streamProcessors()).hasSize(2);
    }

    @Test
    void everyKeyIsMapped() throws IOException {
        ServerConfig config = valid("""
                version = 4
                root = "/r"
                state = "/s"
                temp = "/t"
                disabled_plugins = ["io.containerd.snapshotter.v1.native"]
                required_plugins = ["io.containerd.grpc.v1.tasks"]
                oom_score = -999
                [debug]
                level = "debug"
                format = "json"
                log_trace_id = true
                [cgroup]
                path = "/c"
                [timeouts]
                "io.containerd.timeout.bolt.open" = "1s"
                "io.containerd.timeout.cri.defercleanup" = "2s"
                "io.containerd.timeout.metrics.shimstats" = "3s"
                "io.containerd.timeout.shim.cleanup" = "4s"
                "io.containerd.timeout.shim.load" = "5m1s"
                "io.containerd.timeout.shim.shutdown" = "6ms"
                "io.containerd.timeout.task.state" = "1h"
                [stream_processors.x]
                accepts = ["a"]
                returns = "b"
                path = "p"
                args = ["q"]
                env = ["E=1"]
                [proxy_plugins.y]
                type = "snapshot"
                address = "/y.sock"
                platform = "linux/arm64"
                capabilities = ["rebase"]
                exports = { root = "/y" }
                [plugins."io.containerd.server.v1.grpc"]
                address = "/g.sock"
                uid = 1
                gid = 2
                max_recv_message_size = 3
                max_send_message_size = 4
                [plugins."io.containerd.server.v1.ttrpc"]
                address = "/t.sock"
                uid = 5
                gid = 6
                [plugins."io.containerd.metadata.v1.bolt"]
                content_sharing_policy = "isolated"
                no_sync = true
                [plugins."io.containerd.gc.v1.scheduler"]
                pause_threshold = 1
                deletion_threshold = 7
                mutation_threshold = 8
                schedule_delay = "9s"
                startup_delay = "10s"
                [plugins."io.containerd.snapshotter.v1.overlayfs"]
                root_path = "/o"
                upperdir_label = true
                sync_remove = true
                slow_chown = true
                sync_commit = false
                mount_options = ["index=off"]
                [plugins."io.containerd.snapshotter.v1.native"]
                root_path = "/n"
                [plugins."io.containerd.service.v1.diff-service"]
                default = ["a", "b"]
                sync_fs = true
                [plugins."io.containerd.runtime.v2.task"]
                platforms = ["linux/arm64"]
                [plugins."io.containerd.shim.v1.manager"]
                env = ["A=b=c"]
                socket_dir = "/d"
                [plugins."io.containerd.internal.v1.opt"]
                path = "/opt/x"
                [plugins."io.containerd.differ.v1.walking"]
                max_layer_bytes = 5000000000
                max_layer_entries = 6
                max_layers_at_once = 7
                [plugins."io.containerd.transfer.v1.local"]
                max_concurrent_downloads = 4
                max_concurrent_unpacks = 5
                check_platform_supported = true
                config_path = "/h"
                [plugins."io.containerd.transfer.v1.local".registry]
                connect_timeout = "1s"
                answer_timeout = "2s"
                idle_timeout = "3s"
                least_rate = 0
                rate_window = "4s"
                attempts = 6
                """);
        assertThat(config.root()).isEqualTo(Path.of("/r"));
        assertThat(config.state()).isEqualTo(Path.of("/s"));
        assertThat(config.temp()).isEqualTo("/t");
        assertThat(config.disabledPlugins()).containsExactly("io.containerd.snapshotter.v1.native");
        assertThat(config.requiredPlugins()).containsExactly("io.containerd.grpc.v1.tasks");
        assertThat(config.oomScore()).isEqualTo(-999);
        assertThat(config.log()).isEqualTo(new LogConfig("debug", "json", true));
        assertThat(config.cgroup()).isEqualTo("/c");
        assertThat(config.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(301),
                        Duration.ofMillis(6),
                        Duration.ofHours(1)));
        assertThat(config.streamProcessors())
                .containsEntry("x", new StreamProcessorConfig(List.of("a"), "b", "p", List.of("q"), List.of("E=1")));
        assertThat(config.proxyPlugins())
                .containsEntry(
                        "y",
                        new ProxyPluginConfig(
                                "snapshot", "/y.sock", "linux/arm64", Map.of("root", "/y"), List.of("rebase")));
        assertThat(config.grpc()).isEqualTo(new GrpcConfig("/g.sock", 1, 2, 3, 4));
        assertThat(config.ttrpc()).isEqualTo(new TtrpcConfig("/t.sock", 5, 6));
        assertThat(config.plugin("io.containerd.metadata.v1.bolt", MetadataConfig.class))
                .isEqualTo(new MetadataConfig(false, true));
        assertThat(config.plugin("io.containerd.gc.v1.scheduler", GcConfig.class))
                .isEqualTo(new GcConfig(0.5, 7, 8, Duration.ofSeconds(9), Duration.ofSeconds(10)));
        assertThat(config.plugin("io.containerd.snapshotter.v1.overlayfs", OverlayConfig.class))
                .isEqualTo(new OverlayConfig("/o", true, true, true, List.of("index=off"), false));
        assertThat(config.plugin("io.containerd.snapshotter.v1.native", NativeConfig.class))
                .isEqualTo(new NativeConfig("/n", true));
        assertThat(config.plugin("io.containerd.service.v1.diff-service", DiffConfig.class))
                .isEqualTo(new DiffConfig(List.of("a", "b"), true));
        assertThat(config.plugin("io.containerd.runtime.v2.task", TaskRuntimeConfig.class))
                .isEqualTo(new TaskRuntimeConfig(List.of("linux/arm64")));
        assertThat(config.plugin("io.containerd.differ.v1.walking", WalkingConfig.class))
                .isEqualTo(new WalkingConfig(5_000_000_000L, 6, 7));
        assertThat(config.plugin("io.containerd.transfer.v1.local", TransferConfig.class))
                .isEqualTo(new TransferConfig(
                        4,
                        5,
                        true,
                        "/h",
                        new RegistryConfig(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                0,
                                Duration.ofSeconds(4),
                                6)));
        ShimConfig shim = config.plugin("io.containerd.shim.v1.manager", ShimConfig.class);
        assertThat(shim.environment()).isEqualTo(Map.of("A", "b=c"));
        assertThat(shim.socketDir()).isEqualTo("/d");
        assertThat(config.plugin("io.containerd.internal.v1.opt", OptConfig.class)
                        .path())
                .isEqualTo("/opt/x");
    }

    @Test
    void whatIsDumpedReadsBackTheSame() throws IOException {
        LoadedConfig first = load("""
                version = 3
                root = "/it's"
                [grpc]
                address = "/x.sock"
                [plugins."io.containerd.grpc.v1.cri"]
                sandbox_image = "pause"
                [plugins."io.containerd.grpc.v1.cri".registry]
                config_path = "/certs"
                """);
        LoadedConfig second = load(TomlText.of(first.effective()));
        assertThat(second.problems().errors()).isEmpty();
        assertThat(second.config()).isEqualTo(first.config());
        assertThat(second.effective()).isEqualTo(first.effective());
        assertThat(TomlText.of(second.effective())).startsWith("version = 4\n").contains("config_path = '/certs'");
    }

    @Test
    void aWaitWithoutEndIsAnError() throws IOException {
        LoadedConfig loaded = load("""
                version = 4
                [plugins."io.containerd.transfer.v1.local".registry]
                idle_timeout = "0s"
                """);
        assertThat(loaded.problems().errors())
                .singleElement()
                .asString()
                .contains("idle_timeout")
                .contains("must not be zero");
    }

    @Test
    void versionTwoServersMoveToTheirPlugins() throws IOException {
        ServerConfig config = valid("""
                version = 2
                [grpc]
                address = "/a/c.sock"
                uid = 7
                gid = 8
                max_recv_message_size = 1024
                """);
        assertThat(config.grpc()).isEqualTo(new GrpcConfig("/a/c.sock", 7, 8, 1024, GrpcConfig.MAX_MESSAGE));
        assertThat(config.ttrpc()).isEqualTo(new TtrpcConfig("/a/c.sock.ttrpc", 7, 8));
    }

    @Test
    void anOldTtrpcSectionKeepsItsAddress() throws IOException {
        ServerConfig config = valid("""
                version = 3
                [grpc]
                address = "/c.sock"
                uid = 7
                [ttrpc]
                address = "/t.sock"
                """);
        assertThat(config.ttrpc().address()).isEqualTo("/t.sock");
        assertThat(config.ttrpc().uid()).isEqualTo(Processes.effectiveUser());
    }

    @Test
    void aPluginSectionWinsOverTheOldOne() throws IOException {
        ServerConfig config = valid("""
                version = 3
                [grpc]
                address = "/old.sock"
                [plugins."io.containerd.server.v1.grpc"]
                address = "/new.sock"
                """);
        assertThat(config.grpc().address()).isEqualTo("/new.sock");
    }

    @Test
    void otherServersOfOldFilesMoveAndAreMentioned() throws IOException {
        LoadedConfig loaded = load("""
                version = 2
                [debug]
                address = "/d.sock"
                level = "warn"
                [metrics]
                address = "127.0.0.1:1338"
                grpc_histogram = true
                [grpc]
                tcp_address = "127.0.0.1:1"
                tcp_tls_ca = "/ca"
                """);
        assertThat(loaded.problems().errors()).isEmpty();
        assertThat(loaded.config().log().level()).isEqualTo("warn");
        assertThat(keys(loaded))
                .containsExactlyInAnyOrder(
                        "version",
                        "plugins.'io.containerd.server.v1.debug'",
                        "plugins.'io.containerd.server.v1.metrics'",
                        "plugins.'io.containerd.metrics.v1.grpc-prometheus'",
                        "plugins.'io.containerd.server.v1.grpc-tcp'");
        assertThat(TomlText.of(loaded.effective())).contains("tls_ca = '/ca'").contains("grpc_histogram = true");
    }

    @Test
    void coreSchedulingMovesToTheShims() throws IOException {
        ServerConfig config = valid("""
                version = 2
                [plugins."io.containerd.runtime.v2.task"]
                sched_core = true
                """);
        assertThat(config.plugin("io.containerd.shim.v1.manager", ShimConfig.class)
                        .env())
                .containsExactly("SCHED_CORE=1");
    }

    @Test
    void renamedPluginsKeepTheirSections() throws IOException {
        LoadedConfig loaded = load("""
                version = 3
                [plugins."io.containerd.monitor.v1.cgroups"]
                no_prometheus = true
                [plugins."io.containerd.internal.v1.restart"]
                interval = "3s"
                """);
        assertThat(keys(loaded))
                .contains(
                        "plugins.'io.containerd.monitor.task.v1.cgroups'",
                        "plugins.'io.containerd.monitor.container.v1.restart'");
    }

    @Test
    void aFileWithoutVersionHasShortPluginNames() throws IOException {
        LoadedConfig loaded = load("""
                disabled_plugins = ["cri", "native", "tasks-service"]
                required_plugins = ["overlayfs"]
                [plugins.overlayfs]
                root_path = "/o"
                [plugins.scheduler]
                mutation_threshold = 5
                [plugins.odd]
                """);
        assertThat(loaded.problems().errors()).isEmpty();
        ServerConfig config = loaded.config();
        assertThat(config.disabledPlugins())
                .containsExactlyInAnyOrder(
                        "io.containerd.grpc.v1.cri",
                        "io.containerd.snapshotter.v1.native",
                        "io.containerd.service.v1.tasks-service");
        assertThat(config.requiredPlugins()).containsExactly("io.containerd.snapshotter.v1.overlayfs");
        assertThat(config.plugin("io.containerd.snapshotter.v1.overlayfs", OverlayConfig.class)
                        .rootPath())
                .isEqualTo("/o");
        assertThat(config.plugin("io.containerd.gc.v1.scheduler", GcConfig.class)
                        .mutationThreshold())
                .isEqualTo(5);
        assertThat(messages(loaded)).anyMatch(text -> text.contains("taken as io.containerd.grpc.v1.odd"));
    }

    @Test
    void aNewerVersionIsRejected() throws IOException {
        assertThat(load("version = 5").problems().errors())
                .containsExactly(file() + ":1:1: version: expected containerd config version equal to or less than `4`,"
                        + " got `5`");
    }

    @Test
    void unknownKeysAreNamedWithPlaceAndNearestKey() throws IOException {
        LoadedConfig loaded = load("""
                version = 4
                rooot = "/x"
                [debug]
                  levle = "info"
                [plugins."io.containerd.snapshotter.v1.overlayfs"]
                sync_remov = true
                entirely_else = 1
                [plugins."io.containerd.snapshotter.v1.overlay"]
                """);
        assertThat(loaded.problems().errors()).isEmpty();
        assertThat(loaded.problems().notes())
                .containsExactlyInAnyOrder(
                        warning(2, 1, "rooot", "ignoring unknown key in TOML, did you mean root?"),
                        warning(4, 3, "debug.levle", "ignoring unknown key in TOML, did you mean level?"),
                        warning(
                                6,
                                1,
                                "plugins.'io.containerd.snapshotter.v1.overlayfs'.sync_remov",
                                "ignoring unknown key in TOML, did you mean sync_remove?"),
                        warning(
                                7,
                                1,
                                "plugins.'io.containerd.snapshotter.v1.overlayfs'.entirely_else",
                                "ignoring unknown key in TOML"),
                        warning(
                                8,
                                1,
                                "plugins.'io.containerd.snapshotter.v1.overlay'",
                                "ignoring section of an unknown plugin, did you mean"
                                        + " io.containerd.snapshotter.v1.overlayfs?"));
    }

    @Test
    void aPluginOfContainerdThatIsNotBuiltInIsNoTypo() throws IOException {
        LoadedConfig loaded = load("""
                version = 4
                [plugins."io.containerd.cri.v1.images"]
                snapshotter = "native"
                """);
        assertThat(loaded.problems().notes())
                .containsExactly(new Problems.Note(
                        false,
                        "section has no effect: the plugin is not built in",
                        new Position(file(), 2, 1),
                        "plugins.'io.containerd.cri.v1.images'"));
    }

    @Test
    void whatHasNoEffectYetIsSaid() throws IOException {
        LoadedConfig loaded = load("""
                version = 4
                [cgroup]
                path = "/c"
                [proxy_plugins.x]
                address = "/x.sock"
                """);
        assertThat(loaded.problems().notes())
                .containsExactly(
                        warning(2, 1, "cgroup.path", "has no effect: the daemon moves to no cgroup"),
                        warning(4, 1, "proxy_plugins.x", "has no effect: proxy plugins are not built in"));
    }

    @Test
    void allErrorsAreToldAtOnce() throws IOException {
        assertThat(load("""
                        version = 4
                        root = 1
                        state = "relative"
                        oom_score = 2000
                        disabled_plugins = ["cri"]
                        required_plugins = [1]
                        debug = "x"
                        [timeouts]
                        "io.containerd.timeout.shim.load" = "soon"
                        [plugins."io.containerd.server.v1.grpc"]
                        uid = "root"
                        [plugins."io.containerd.gc.v1.scheduler"]
                        pause_threshold = "much"
                        [plugins."io.containerd.metadata.v1.bolt"]
                        content_sharing_policy = "some"
                        [plugins."io.containerd.shim.v1.manager"]
                        env = ["A"]
                        socket_dir = "/0123456789012345678901234567890123456789012"
                        """).problems().errors())
                .containsExactlyInAnyOrder(
                        at(2, "root: must be text, is a whole number (1)"),
                        at(3, "state: must be an absolute path, is 'relative'"),
                        at(4, "oom_score: must be from -1000 to 1000, is 2000"),
                        at(
                                5,
                                "disabled_plugins: 'cri' is no plugin URI, write it in full, like"
                                        + " io.containerd.grpc.v1.cri"),
                        at(6, "required_plugins: must be a list of text, is a list"),
                        at(7, "debug: must be a table, is text (x)"),
                        at(
                                9,
                                "timeouts.'io.containerd.timeout.shim.load': must be a duration like '10s' or '1m30s',"
                                        + " is 'soon'"),
                        at(11, "plugins.'io.containerd.server.v1.grpc'.uid: must be a whole number, is text (root)"),
                        at(
                                13,
                                "plugins.'io.containerd.gc.v1.scheduler'.pause_threshold: must be a fraction, is text"
                                        + " (much)"),
                        at(
                                15,
                                "plugins.'io.containerd.metadata.v1.bolt'.content_sharing_policy: must be one of"
                                        + " [shared, isolated], is 'some'"),
                        at(17, "plugins.'io.containerd.shim.v1.manager'.env: 'A' is not NAME=value"),
                        at(
                                18,
                                "plugins.'io.containerd.shim.v1.manager'.socket_dir: must have at most 42 characters,"
                                        + " has 44"));
    }

    @Test
    void rootAndStateMustDiffer() throws IOException {
        assertThat(load("version = 4\nroot = '/x'\nstate = '/x/'").problems().errors())
                .containsExactly(at(3, "state: root and state must be different paths"));
    }

    @Test
    void textThatIsNoTomlIsToldWithItsPlace() throws IOException {
        assertThat(load("version = 4\nroot = = 1").problems().errors())
                .isNotEmpty()
                .first()
                .asString()
                .startsWith(file() + ":2:8: is no TOML");
    }

    @Test
    void aMissingFileIsAnError() {
        Path missing = directory.resolve("nix.toml");
        assertThat(LoadedConfig.load(Optional.of(missing), LoadedConfig.Overrides.NONE)
                        .problems()
                        .errors())
                .containsExactly(missing + ": no such file");
    }

    @Test
    void importsAreMergedOverTheFile() throws IOException {
        Files.createDirectory(directory.resolve("conf.d"));
        write("conf.d/b.toml", """
                version = 4
                root = "/from-b"
                oom_score = 0
                disabled_plugins = ["b.b", "a.a"]
                [plugins."io.containerd.snapshotter.v1.overlayfs"]
                sync_remove = false
                """);
        write("conf.d/a.toml", """
                version = 2
                root = "/from-a"
                [grpc]
                address = "/from-a.sock"
                """);
        ServerConfig config = valid("""
                version = 4
                imports = ["conf.d/*.toml", "config.toml"]
                root = "/main"
                state = "/main-state"
                oom_score = 5
                disabled_plugins = ["a.a"]
                [plugins."io.containerd.snapshotter.v1.overlayfs"]
                sync_remove = true
                upperdir_label = true
                """);
        assertThat(config.root()).isEqualTo(Path.of("/from-b"));
        assertThat(config.state()).isEqualTo(Path.of("/main-state"));
        assertThat(config.oomScore()).isEqualTo(5);
        assertThat(config.disabledPlugins()).containsExactlyInAnyOrder("a.a", "b.b");
        assertThat(config.grpc().address()).isEqualTo("/from-a.sock");
        assertThat(config.plugin("io.containerd.snapshotter.v1.overlayfs", OverlayConfig.class))
                .isEqualTo(new OverlayConfig("", true, false, false, List.of(), true));
    }

    @Test
    void filesThatImportEachOtherAreReadOnce() throws IOException {
        write("other.toml", "version = 4\nimports = ['config.toml']\nroot = '/other'\n");
        assertThat(valid("version = 4\nimports = ['other.toml']\n").root()).isEqualTo(Path.of("/other"));
    }

    @Test
    void anImportThatIsNotThereIsAnError() throws IOException {
        assertThat(load("version = 4\nimports = ['nix.toml']").problems().errors())
                .containsExactly(directory.resolve("nix.toml") + ": no such file");
    }

    @Test
    void entriesOfTimeoutsAndProxiesAreReplacedWhole() throws IOException {
        write("more.toml", """
                version = 4
                [proxy_plugins.x]
                address = "/new"
                """);
        ServerConfig config = valid("""
                version = 4
                imports = ["more.toml"]
                [proxy_plugins.x]
                type = "snapshot"
                address = "/old"
                [proxy_plugins.y]
                type = "diff"
                """);
        assertThat(config.proxyPlugins())
                .containsEntry("x", new ProxyPluginConfig("", "/new", "", Map.of(), List.of()))
                .containsKey("y");
    }

    @Test
    void theCommandLineWins() throws IOException {
        write("config.toml", "version = 4\nroot = '/r'\nstate = '/s'\n[debug]\nlevel = 'warn'\n");
        LoadedConfig.Overrides overrides = new LoadedConfig.Overrides(
                Optional.of("/flag.sock"), Optional.of("/fr"), Optional.of("/fs"), Optional.of("debug"));
        ServerConfig config = LoadedConfig.load(Optional.of(directory.resolve("config.toml")), overrides)
                .config();
        assertThat(config.root()).isEqualTo(Path.of("/fr"));
        assertThat(config.state()).isEqualTo(Path.of("/fs"));
        assertThat(config.log().level()).isEqualTo("debug");
        assertThat(config.grpc().address()).isEqualTo("/flag.sock");
        assertThat(config.ttrpc().address()).isEqualTo("/flag.sock.ttrpc");
    }

    @Test
    void aConfiguredTtrpcSectionKeepsItsAddressDespiteTheFlag() throws IOException {
        write("config.toml", "version = 4\n[plugins.'io.containerd.server.v1.ttrpc']\naddress = '/mine'\n");
        LoadedConfig.Overrides overrides = new LoadedConfig.Overrides(
                Optional.of("/flag.sock"), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(LoadedConfig.load(Optional.of(directory.resolve("config.toml")), overrides)
                        .config()
                        .ttrpc()
                        .address())
                .isEqualTo("/mine");
    }

    private ServerConfig valid(String text) throws IOException {
        LoadedConfig loaded = load(text);
        assertThat(loaded.problems().errors()).isEmpty();
        return loaded.config();
    }

    private LoadedConfig load(String text) throws IOException {
        write("config.toml", text);
        return LoadedConfig.load(Optional.of(directory.resolve("config.toml")), LoadedConfig.Overrides.NONE);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String file() {
        return directory.resolve("config.toml").toString();
    }

    private String at(int row, String message) {
        return file() + ":" + row + ":1: " + message;
    }

    private Problems.Note warning(int row, int column, String key, String message) {
        return new Problems.Note(true, message, new Position(file(), row, column), key);
    }

    private static List<String> keys(LoadedConfig loaded) {
        return loaded.problems().notes().stream().map(Problems.Note::key).toList();
    }

    private static List<String> messages(LoadedConfig loaded) {
        return loaded.problems().notes().stream().map(Problems.Note::message).toList();
    }
}
