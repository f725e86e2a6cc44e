package dev.wharf.plugins.runtime.shim;

import java.time.Duration;

/**
 * How long each kind of wait for a shim may take.
 *
 * @param load taking over one shim after a start of the daemon ({@code io.containerd.timeout.shim.load})
 * @param cleanup running the shim's binary to clean up ({@code io.containerd.timeout.shim.cleanup})
 * @param shutdown asking a shim to end ({@code io.containerd.timeout.shim.shutdown})
 * @param state asking for the state of a process ({@code io.containerd.timeout.task.state})
 * @param start running the shim's binary to start it
 * @param call any other call, unless the request has less time left
 */
public record ShimTimeouts(
        Duration load, Duration cleanup, Duration shutdown, Duration state, Duration start, Duration call) {
    /** The values of an empty configuration. */
    public static final ShimTimeouts DEFAULTS = new ShimTimeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2));

    public ShimTimeouts {
        check("load", load);
        check("cleanup", cleanup);
        check("shutdown", shutdown);
        check("state", state);
        check("start", start);
        check("call", call);
    }

    private static void check(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("shim timeout " + name + " must be positive: " + value);
        }
    }
}
