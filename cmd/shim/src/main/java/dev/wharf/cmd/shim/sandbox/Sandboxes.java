package dev.wharf.cmd.shim.sandbox;

import com.google.protobuf.Timestamp;
import dev.wharf.api.runtime.sandbox.v1.CreateSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.CreateSandboxResponse;
import dev.wharf.api.runtime.sandbox.v1.PingRequest;
import dev.wharf.api.runtime.sandbox.v1.PingResponse;
import dev.wharf.api.runtime.sandbox.v1.PlatformRequest;
import dev.wharf.api.runtime.sandbox.v1.PlatformResponse;
import dev.wharf.api.runtime.sandbox.v1.SandboxMetricsRequest;
import dev.wharf.api.runtime.sandbox.v1.SandboxMetricsResponse;
import dev.wharf.api.runtime.sandbox.v1.SandboxStatusRequest;
import dev.wharf.api.runtime.sandbox.v1.SandboxStatusResponse;
import dev.wharf.api.runtime.sandbox.v1.ShutdownSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.ShutdownSandboxResponse;
import dev.wharf.api.runtime.sandbox.v1.StartSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.StartSandboxResponse;
import dev.wharf.api.runtime.sandbox.v1.StopSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.StopSandboxResponse;
import dev.wharf.api.runtime.sandbox.v1.WaitSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.WaitSandboxResponse;
import dev.wharf.api.types.Metric;
import dev.wharf.api.types.Platform;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.shim.Call;
import dev.wharf.shim.SandboxService;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sandbox service: pods of this process. */
public final class Sandboxes implements SandboxService {
    private static final String READY = "SANDBOX_READY";
    private static final String NOT_READY = "SANDBOX_NOTREADY";
    private static final String MEMBERSHIP = "sandbox";
    private static final Duration END = Duration.ofSeconds(10);

    private final ProcessWatcher watcher;
    private final Clock clock;
    private final SandboxFiles files;
    private final Map<ContainerKey, Sandbox> sandboxes = new ConcurrentHashMap<>();

    /** Those that a former process of the group left in its directory, and new ones. */
    public Sandboxes(ShimContext context, ProcessWatcher watcher) {
        this.watcher = watcher;
        this.clock = context.clock();
        this.files = new SandboxFiles(context.stateDirectory().resolve("sandboxes"));
        files.read().forEach(this::takeBack);
    }

    private void takeBack(SandboxFiles.Kept kept) {
        Sandbox sandbox = kept.sandbox();
        sandboxes.put(sandbox.key(), sandbox);
        if (sandbox.exit().isPresent()) {
            return;
        }
        Optional<Pause> pause = kept.process().flatMap(Pause::find);
        pause.ifPresent(process -> watch(sandbox, process, sandbox.created()));
        if (pause.isEmpty() && kept.process().isPresent()) {
            ended(sandbox, new Exit(Exit.UNKNOWN, clock.instant()));
        }
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return sandboxes.isEmpty();
    }

    /** The sandbox that a container is a member of. */
    public Optional<Sandbox> of(ContainerKey container, Bundle bundle) {
        if (sandboxes.isEmpty()) {
            return Optional.empty();
        }
        Path membership = bundle.directory().resolve(MEMBERSHIP);
        if (Files.exists(membership)) {
            return Optional.of(named(container.namespace(), membership));
        }
        List<Sandbox> own = sandboxes.values().stream()
                .filter(sandbox -> sandbox.key().namespace().equals(container.namespace()))
                .toList();
        return own.size() == 1 ? Optional.of(own.getFirst()) : Optional.empty();
    }

    private Sandbox named(String namespace, Path membership) {
        try {
            return sandbox(namespace, Files.readString(membership).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot read " + membership, e);
        }
    }

    @Override
    public CreateSandboxResponse create(Call call, CreateSandboxRequest request) {
        ContainerKey key = new ContainerKey(call.namespace(), request.getSandboxId());
        Path bundle = Path.of(request.getBundlePath());
        if (!bundle.isAbsolute()) {
            refuseRelative(call.namespace(), bundle);
        }
        Sandbox sandbox = new Sandbox(key, new Bundle(bundle), request.getNetnsPath());
        if (sandboxes.putIfAbsent(key, sandbox) != null) {
            throw ShimException.alreadyExists("sandbox " + key.id());
        }
        files.write(sandbox);
        return CreateSandboxResponse.getDefaultInstance();
    }

    /** A relative path would mean the bundle of a process that has one sandbox, and that is there already. */
    private void refuseRelative(String namespace, Path bundle) {
        boolean any =
                sandboxes.keySet().stream().anyMatch(key -> key.namespace().equals(namespace));
        throw any
                ? ShimException.alreadyExists("sandbox with bundle " + bundle)
                : ShimException.invalidArgument("path of a bundle must be absolute: " + bundle);
    }

    @Override
    public StartSandboxResponse start(Call call, StartSandboxRequest request) {
        Sandbox sandbox = sandboxes.get(new ContainerKey(call.namespace(), request.getSandboxId()));
        if (sandbox == null || sandbox.pause().isPresent() || sandbox.exit().isPresent()) {
            throw ShimException.failedPrecondition("failed precondition: sandbox " + request.getSandboxId()
                    + (sandbox == null ? " is not created" : " was started before"));
        }
        sandbox.mountMemory();
        Pause process;
        try {
            process = Pause.start(sandbox.network());
        } catch (RuntimeException e) {
            sandbox.unmountMemory();
            throw e;
        }
        watch(sandbox, process, clock.instant());
        files.write(sandbox);
        return StartSandboxResponse.newBuilder()
                .setPid(process.id().pid())
                .setCreatedAt(timestamp(sandbox.created()))
                .build();
    }

    private void watch(Sandbox sandbox, Pause process, Instant created) {
        sandbox.started(process, created);
        watcher.watch(process.pidfd(), exit -> Thread.ofVirtual().start(() -> ended(sandbox, exit)));
    }

    private void ended(Sandbox sandbox, Exit exit) {
        sandbox.unmountMemory();
        sandbox.ended(exit);
        if (sandboxes.containsKey(sandbox.key())) {
            files.write(sandbox);
        }
    }

    @Override
    public PlatformResponse platform(Call call, PlatformRequest request) {
        String architecture = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
        return PlatformResponse.newBuilder()
                .setPlatform(Platform.newBuilder().setOs("linux").setArchitecture(architecture))
                .build();
    }

    @Override
    public StopSandboxResponse stop(Call call, StopSandboxRequest request) {
        Sandbox sandbox = sandboxes.get(new ContainerKey(call.namespace(), request.getSandboxId()));
        if (sandbox != null) {
            stop(sandbox);
        }
        return StopSandboxResponse.getDefaultInstance();
    }

    /** One that was never started ends as well: who waits for it goes on. */
    private void stop(Sandbox sandbox) {
        if (sandbox.exit().isPresent()) {
            return;
        }
        Optional<Pause> process = sandbox.pause();
        process.ifPresent(Pause::kill);
        if (process.isEmpty()) {
            ended(sandbox, new Exit(0, clock.instant()));
        }
        try {
            if (!sandbox.await(END)) {
                throw new ShimException(
                        ShimException.Code.DEADLINE_EXCEEDED,
                        "process of sandbox " + sandbox.key().id() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public WaitSandboxResponse wait(Call call, WaitSandboxRequest request) throws InterruptedException {
        Sandbox sandbox = sandbox(call.namespace(), request.getSandboxId());
        sandbox.await();
        Exit exit = sandbox.exit().orElseThrow();
        return WaitSandboxResponse.newBuilder()
                .setExitStatus(exit.status())
                .setExitedAt(timestamp(exit.at()))
                .build();
    }

    @Override
    public SandboxStatusResponse status(Call call, SandboxStatusRequest request) {
        Sandbox sandbox = sandbox(call.namespace(), request.getSandboxId());
        String state = sandbox.isReady() ? READY : NOT_READY;
        int pid = sandbox.pause().map(process -> process.id().pid()).orElse(0);
        SandboxStatusResponse.Builder status = SandboxStatusResponse.newBuilder()
                .setSandboxId(sandbox.key().id())
                .setPid(pid)
                .setState(state)
                .setCreatedAt(timestamp(sandbox.created()));
        sandbox.exit().ifPresent(exit -> status.setExitedAt(timestamp(exit.at())));
        if (request.getVerbose()) {
            status.putInfo("pid", Integer.toString(pid))
                    .putInfo("state", state)
                    .putInfo("networkSandboxPath", sandbox.network());
        }
        return status.build();
    }

    @Override
    public PingResponse ping(Call call, PingRequest request) {
        if (!sandbox(call.namespace(), request.getSandboxId()).isReady()) {
            throw ShimException.failedPrecondition("sandbox " + request.getSandboxId() + " is not running");
        }
        return PingResponse.getDefaultInstance();
    }

    @Override
    public ShutdownSandboxResponse shutdown(Call call, ShutdownSandboxRequest request) {
        Sandbox sandbox = sandboxes.get(new ContainerKey(call.namespace(), request.getSandboxId()));
        if (sandbox != null) {
            stop(sandbox);
            sandboxes.remove(sandbox.key());
            files.remove(sandbox.key());
            sandbox.pause().ifPresent(process -> process.pidfd().close());
        }
        return ShutdownSandboxResponse.getDefaultInstance();
    }

    /** The figures of the control group that the process of the pod is in. */
    @Override
    public SandboxMetricsResponse metrics(Call call, SandboxMetricsRequest request) {
        Sandbox sandbox = sandbox(call.namespace(), request.getSandboxId());
        ControlGroup group = sandbox.pause()
                .flatMap(process -> ControlGroup.of(process.id().pid()))
                .orElseThrow(() -> ShimException.notFound("cgroup does not exist"));
        return SandboxMetricsResponse.newBuilder()
                .setMetrics(Metric.newBuilder()
                        .setTimestamp(timestamp(clock.instant()))
                        .setId(sandbox.key().id())
                        .setData(group.stats()))
                .build();
    }

    private Sandbox sandbox(String namespace, String id) {
        Sandbox sandbox = sandboxes.get(new ContainerKey(namespace, id));
        if (sandbox == null) {
            throw ShimException.notFound("sandbox " + id);
        }
        return sandbox;
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
