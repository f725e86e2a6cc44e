package dev.wharf.cmd.wharfd;

import static dev.wharf.core.plugin.PluginTypes.EVENT;
import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.PluginTypes.SHIM;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.OptConfig;
import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.cmd.wharfd.config.ShimConfig;
import dev.wharf.cmd.wharfd.config.TaskRuntimeConfig;
import dev.wharf.cmd.wharfd.config.Timeouts;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.plugins.runtime.shim.ShimTaskRuntime;
import dev.wharf.plugins.runtime.shim.ShimTimeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the plugins that run containers are started.
 *
 * @param config of the whole daemon
 * @param build told to shims
 * @param clock what time they tell
 */
record RuntimePlugins(ServerConfig config, BuildInfo build, InstantSource clock) {
    /** Where shims of root put their sockets, whatever the state directory. Source: contract 6.2. */
    private static final Path SOCKETS = Path.of("/run/containerd/s");

    private static final Path PROGRAM =
            Path.of(System.getProperty("wharf.program", "wharfd")).toAbsolutePath();
    private static final String OWN_SHIM = "containerd-shim-wharf-v1";
    private static final Set<String> TALKATIVE = Set.of("debug", "trace");

    StartOutcome<Object> opt(StartContext context) {
        String path = context.config(OptConfig.class).path();
        return started((Object) new OptDirectory(Path.of(path))).exporting(Map.of("path", path));
    }

    /** The environment of shims: that of the section, and the opt directory's programs before the system's. */
    StartOutcome<Object> shims(StartContext context) {
        Map<String, String> env = new HashMap<>(context.config(ShimConfig.class).environment());
        OptDirectory opt = new OptDirectory(Path.of(
                config.plugin("io.containerd.internal.v1.opt", OptConfig.class).path()));
        opt.addTo(env, System.getenv());
        ShimConfig shims = context.config(ShimConfig.class);
        return started(new ShimEnvironment(env, shims.socketDir(), shims.builtinRunc()));
    }

    StartOutcome<TaskRuntime> tasks(StartContext context) {
        ShimEnvironment shims = context.one(SHIM, "manager", ShimEnvironment.class);
        ShimTaskRuntime runtime = new ShimTaskRuntime(
                shimConfig(context, shims),
                context.one(EVENT),
                new MetadataKnownContainers(context.one(METADATA)),
                clock);
        runtime.inheritOrphans();
        runtime.recover();
        List<Platform> platforms = context.config(TaskRuntimeConfig.class).platforms().stream()
                .map(Platform::parse)
                .toList();
        return StartOutcome.<TaskRuntime>started(runtime)
                .on(platforms)
                .exporting(Map.of("log-uri-schemes", "fifo,binary,file"));
    }

    private dev.wharf.plugins.runtime.shim.ShimConfig shimConfig(StartContext context, ShimEnvironment shims) {
        return new dev.wharf.plugins.runtime.shim.ShimConfig(
                context.state(),
                context.root(),
                config.grpc().address(),
                config.ttrpc().address(),
                PROGRAM,
                shims.socketDir().isEmpty() ? SOCKETS : Path.of(shims.socketDir()),
                shims.builtinRunc() ? Optional.of(PROGRAM.resolveSibling(OWN_SHIM)) : Optional.empty(),
                shims.env(),
                TALKATIVE.contains(config.log().level()),
                build.version(),
                timeouts(config.timeouts()));
    }

    private static ShimTimeouts timeouts(Timeouts timeouts) {
        return new ShimTimeouts(
                timeouts.shimLoad(),
                timeouts.shimCleanup(),
                timeouts.shimShutdown(),
                timeouts.taskState(),
                ShimTimeouts.DEFAULTS.start(),
                ShimTimeouts.DEFAULTS.call());
    }

    /** What the manager of shims knows. */
    private record ShimEnvironment(Map<String, String> env, String socketDir, boolean builtinRunc) {
        ShimEnvironment {
            env = Map.copyOf(env);
        }
    }

    /** Programs and libraries installed beside those of the system; used where the directories exist. */
    private record OptDirectory(Path path) {
        void addTo(Map<String, String> env, Map<String, String> inherited) {
            prepend(env, inherited, "PATH", path.resolve("bin"));
            prepend(env, inherited, "LD_LIBRARY_PATH", path.resolve("lib"));
        }

        private static void prepend(
                Map<String, String> env, Map<String, String> inherited, String name, Path directory) {
            if (Files.isDirectory(directory)) {
                String rest = env.getOrDefault(name, inherited.getOrDefault(name, ""));
                env.put(name, rest.isEmpty() ? directory.toString() : directory + ":" + rest);
            }
        }
    }
}
