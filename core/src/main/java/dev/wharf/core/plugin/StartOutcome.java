package dev.wharf.core.plugin;

import dev.wharf.core.oci.Platform;
import java.util.List;
import java.util.Map;

/**
 * How starting a plugin went, when it did not fail.
 *
 * @param <T> what the plugin offers
 */
public sealed interface StartOutcome<T> {
    /** It runs, with nothing more to say of itself. */
    static <T> Started<T> started(T instance) {
        return new Started<>(instance, List.of(), Map.of(), List.of());
    }

    /** It does not run, because this machine or configuration has no use for it; no failure. */
    static <T> Skipped<T> skipped(String reason) {
        return new Skipped<>(reason);
    }

    /**
     * It runs.
     *
     * @param instance what it offers; closed when the daemon stops, if it is {@link AutoCloseable} and this plugin is
     *     the first to offer it
     * @param platforms platforms it is for, or none
     * @param exports further facts shown to clients, e.g. {@code root}
     * @param capabilities what it can, shown to clients
     */
    record Started<T>(T instance, List<Platform> platforms, Map<String, String> exports, List<String> capabilities)
            implements StartOutcome<T> {
        public Started {
            platforms = List.copyOf(platforms);
            exports = Map.copyOf(exports);
            capabilities = List.copyOf(capabilities);
        }

        /** The same, for these platforms. */
        public Started<T> on(List<Platform> these) {
            return new Started<>(instance, these, exports, capabilities);
        }

        /** The same, showing these facts. */
        public Started<T> exporting(Map<String, String> these) {
            return new Started<>(instance, platforms, these, capabilities);
        }

        /** The same, able to do this. */
        public Started<T> capableOf(List<String> these) {
            return new Started<>(instance, platforms, exports, these);
        }
    }

    /**
     * It does not run, and that is no failure.
     *
     * @param reason why, for people
     */
    record Skipped<T>(String reason) implements StartOutcome<T> {}
}
