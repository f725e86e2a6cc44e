package dev.wharf.shim;

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

/**
 * The sandboxes of one shim process: the rpcs of {@code containerd.runtime.sandbox.v1.Sandbox}, called as those of
 * {@link TaskService} are.
 */
public interface SandboxService {
    /** Prepares a sandbox in its bundle; ALREADY_EXISTS. */
    CreateSandboxResponse create(Call call, CreateSandboxRequest request);

    /** Starts a prepared sandbox; FAILED_PRECONDITION where it was not prepared. */
    StartSandboxResponse start(Call call, StartSandboxRequest request);

    /** Platform that containers of a sandbox run on. */
    PlatformResponse platform(Call call, PlatformRequest request);

    /** Stops a sandbox, by force once its timeout has passed. */
    StopSandboxResponse stop(Call call, StopSandboxRequest request);

    /**
     * Blocks until a sandbox has exited.
     *
     * @throws InterruptedException because the caller is gone or its deadline has passed
     */
    WaitSandboxResponse wait(Call call, WaitSandboxRequest request) throws InterruptedException;

    /** State of a sandbox. */
    SandboxStatusResponse status(Call call, SandboxStatusRequest request);

    /** Answers as long as a sandbox is alive. */
    PingResponse ping(Call call, PingRequest request);

    /** Removes a sandbox. The framework ends the process afterwards where {@link TaskService#isEmpty} then holds. */
    ShutdownSandboxResponse shutdown(Call call, ShutdownSandboxRequest request);

    /** Figures of a sandbox. */
    SandboxMetricsResponse metrics(Call call, SandboxMetricsRequest request);
}
