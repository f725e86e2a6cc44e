package dev.wharf.plugins.runtime.shim;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.runtime.bootstrap.v1.BootstrapParams;
import dev.wharf.api.runtime.bootstrap.v1.Extension;
import dev.wharf.api.runtime.bootstrap.v1.LogLevel;
import dev.wharf.api.runtime.task.v2.DeleteResponse;
import dev.wharf.api.types.RuntimeInfo;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.Command;
import dev.wharf.lib.linux.CommandResult;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Spawn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program of a shim, run to start one, to clean up after one, and to ask what it can do. */
final class ShimBinary {
    private static final Logger LOG = LoggerFactory.getLogger(ShimBinary.class);

    /** The longest answer is the description of a runtime, some 10 KB for runc. */
    private static final int MAX_OUTPUT = 1 << 20;

    private static final int MAX_WARNINGS = 20;
    private static final byte[] NO_INPUT = {};

    private final Path path;
    private final ShimConfig config;
    private final BootstrapForms forms;

    ShimBinary(Path path, ShimConfig config, BootstrapForms forms) {
        this.path = path;
        this.config = config;
        this.forms = forms;
    }

    Path path() {
        return path;
    }

    /**
     * Starts the shim of a bundle, or finds the running one of its group.
     *
     * <p>What the binary reads is BootstrapParams since 2.3 and the bare options before; a binary not seen yet is tried
     * with the new form first, which an older one refuses before it has made anything that lasts.
     */
    ShimEndpoint start(Bundle bundle, @Nullable TypedValue options, Duration timeout) {
        BootstrapForms.Form form = forms.of(path);
        CommandResult result = runStart(bundle, options, form, timeout);
        if (form == BootstrapForms.Form.UNKNOWN && !result.success() && BootstrapForms.refusesParams(result)) {
            LOG.info("shim reads options instead of bootstrap parameters binary={}", path);
            forms.put(path, BootstrapForms.Form.OPTIONS);
            result = runStart(bundle, options, BootstrapForms.Form.OPTIONS, timeout);
        } else if (form == BootstrapForms.Form.UNKNOWN && result.success()) {
            forms.put(path, BootstrapForms.Form.PARAMS);
        }
        check(result, "start", bundle.id(), timeout);
        try {
            return ShimEndpoint.parse(result.stdout());
        } catch (WharfException e) {
            throw e.during("shim " + path + " start of " + bundle.id());
        }
    }

    private CommandResult runStart(
            Bundle bundle, @Nullable TypedValue options, BootstrapForms.Form form, Duration timeout) {
        byte[] input = switch (form) {
            case UNKNOWN, PARAMS -> params(bundle, options);
            case OPTIONS -> options == null ? NO_INPUT : Protos.any(options).toByteArray();
        };
        Map<String, String> environment = environment(bundle.namespace());
        environment.putAll(config.env());
        return run(bundle, arguments(bundle, List.of(), "start"), environment, input, timeout);
    }

    private byte[] params(Bundle bundle, @Nullable TypedValue options) {
        BootstrapParams.Builder params = BootstrapParams.newBuilder()
                .setInstanceId(bundle.id())
                .setNamespace(bundle.namespace())
                .setLogLevel(config.debug() ? LogLevel.LOG_LEVEL_DEBUG : LogLevel.LOG_LEVEL_INFO)
                .setContainerdVersion(config.version())
                .setContainerdGrpcAddress(config.grpcAddress())
                .setContainerdTtrpcAddress(config.ttrpcAddress())
                .setContainerdBinary(config.daemonBinary().toString())
                .setSocketDir(config.socketDir().toString());
        if (options != null) {
            params.addExtensions(Extension.newBuilder().setValue(Protos.any(options)));
        }
        return params.build().toByteArray();
    }

    /** Removes what a dead shim left of a container, killing what still runs in it; answers how it ended. */
    Exit delete(Bundle bundle, Duration timeout) {
        List<String> arguments =
                arguments(bundle, List.of("-bundle", bundle.path().toString()), "delete");
        CommandResult result = run(bundle, arguments, environment(bundle.namespace()), NO_INPUT, timeout);
        check(result, "delete", bundle.id(), timeout);
        result.stderrText()
                .lines()
                .filter(line -> !line.isBlank() && !line.contains("level=info"))
                .limit(MAX_WARNINGS)
                .forEach(line -> LOG.warn(
                        "warning while cleaning up dead shim id={} warning={}", bundle.id(), ShimEndpoint.quote(line)));
        try {
            DeleteResponse response = DeleteResponse.parseFrom(result.stdout());
            return new Exit(response.getPid(), response.getExitStatus(), Protos.instant(response.getExitedAt()));
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.UNKNOWN.of("shim " + path + " delete of " + bundle.id() + " printed no DeleteResponse", e);
        }
    }

    /** Asks what the shim and its engine are; {@code NOT_IMPLEMENTED} of shims before 1.7.19. */
    TypedValue info(@Nullable TypedValue options, Duration timeout) {
        byte[] input = options == null ? NO_INPUT : Protos.any(options).toByteArray();
        CommandResult result =
                runHere(Spawn.command(path.toString(), "-info").environment(System.getenv()), input, timeout);
        if (result.stderrText().contains("flag provided but not defined: -info")) {
            throw ErrorKind.NOT_IMPLEMENTED.of("shim " + path + " is too old to describe itself");
        }
        check(result, "-info", "", timeout);
        try {
            RuntimeInfo info = RuntimeInfo.parseFrom(result.stdout());
            return new TypedValue("containerd.types.RuntimeInfo", info.toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.UNKNOWN.of("shim " + path + " -info printed no RuntimeInfo", e);
        }
    }

    private List<String> arguments(Bundle bundle, List<String> more, String action) {
        List<String> arguments = new ArrayList<>(List.of(
                path.toString(),
                "-namespace",
                bundle.namespace(),
                "-address",
                config.grpcAddress(),
                "-publish-binary",
                config.daemonBinary().toString(),
                "-id",
                bundle.id()));
        arguments.addAll(more);
        if (config.debug()) {
            arguments.add("-debug");
        }
        arguments.add(action);
        return arguments;
    }

    private Map<String, String> environment(String namespace) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("GOMAXPROCS", "2");
        environment.put("MAX_SHIM_VERSION", "2");
        environment.put("TTRPC_ADDRESS", config.ttrpcAddress());
        environment.put("GRPC_ADDRESS", config.grpcAddress());
        environment.put("NAMESPACE", namespace);
        environment.putIfAbsent(HeldShims.LINGER, HeldShims.LINGER_SECONDS);
        return environment;
    }

    private CommandResult run(
            Bundle bundle, List<String> arguments, Map<String, String> environment, byte[] input, Duration timeout) {
        return runHere(Spawn.command(arguments).environment(environment).directory(bundle.path()), input, timeout);
    }

    private CommandResult runHere(Spawn spawn, byte[] input, Duration timeout) {
        try {
            return Command.run(spawn, input, timeout, MAX_OUTPUT);
        } catch (ErrnoException e) {
            throw ErrorKind.UNKNOWN.of("shim " + path + " cannot be run: " + e.getMessage(), e);
        }
    }

    private void check(CommandResult result, String action, String id, Duration timeout) {
        if (result.success()) {
            return;
        }
        String what = "shim " + path + " " + action + (id.isEmpty() ? "" : " of " + id);
        String said = words(result);
        if (result.timedOut()) {
            throw ErrorKind.DEADLINE_EXCEEDED.of(
                    what + " did not end within " + timeout.toMillis() + " ms and was killed" + said);
        }
        throw ErrorKind.UNKNOWN.of(
                what + " failed" + said + ": exit status " + result.exit().shellCode());
    }

    /** The shim's own last words, trimmed. */
    private static String words(CommandResult result) {
        String said =
                (result.stderrText().strip() + " " + (result.success() ? "" : result.stdoutText()).strip()).strip();
        return said.isEmpty() ? "" : ": " + ShimEndpoint.quote(said);
    }
}
