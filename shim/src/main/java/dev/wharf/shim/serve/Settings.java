package dev.wharf.shim.serve;

import dev.wharf.shim.group.Group;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a serving process is told at its start.
 *
 * @param group which it serves
 * @param events the daemon's ttRPC socket
 * @param namespace of callers that name none, as daemons before 2.3 do not: where the group is of one namespace; else empty
 * @param debug whether to log details
 * @param linger how long to stay when a Shutdown finds nothing left to serve, in case a container comes
 * @param environment it was started with
 */
public record Settings(
        Group group, Path events, String namespace, boolean debug, Duration linger, Map<String, String> environment) {
    /** Seconds to stay after the last container; {@code 0} ends at once. */
    public static final String LINGER = "WHARF_SHIM_LINGER";

    private static final Duration DEFAULT_LINGER = Duration.ofSeconds(10);

    /** Takes what the environment says: {@code TTRPC_ADDRESS}, or beside the daemon's gRPC socket, and {@link #LINGER}. */
    public static Settings of(
            Group group, String address, String namespace, boolean debug, Map<String, String> environment) {
        String events = environment.getOrDefault("TTRPC_ADDRESS", "");
        Path socket = Path.of(stripped(events.isEmpty() ? address + ".ttrpc" : events));
        return new Settings(group, socket, namespace, debug, linger(environment.get(LINGER)), Map.copyOf(environment));
    }

    private static String stripped(String address) {
        return address.startsWith("unix://") ? address.substring("unix://".length()) : address;
    }

    private static Duration linger(@Nullable String seconds) {
        if (seconds == null || seconds.isEmpty() || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return DEFAULT_LINGER;
        }
        return Duration.ofSeconds(Integer.parseInt(seconds.substring(0, Math.min(seconds.length(), 6))));
    }
}
