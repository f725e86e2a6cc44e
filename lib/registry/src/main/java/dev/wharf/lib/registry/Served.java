package dev.wharf.lib.registry;

import java.net.URI;
import java.util.List;

/**
 * An answer, and which host gave it.
 *
 * @param value what was asked for
 * @param host base of the API of the host that gave it
 * @param failures of the hosts asked before
 */
public record Served<T>(T value, URI host, List<HostFailure> failures) {
    public Served {
        failures = List.copyOf(failures);
    }
}
