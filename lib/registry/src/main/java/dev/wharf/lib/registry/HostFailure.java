package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A host that was asked in vain.
 *
 * @param host the base of its API, or the address of an external layer
 * @param cause what it answered
 */
public record HostFailure(URI host, RegistryException cause) {
    private static final int MAX_SHOWN = 8;

    /**
     * The failure of all hosts: the kind is that of the one asked last, which is the registry itself; the message lists
     * what each answered.
     */
    static RegistryException all(String what, List<HostFailure> failures) {
        if (failures.isEmpty()) {
            return new RegistryException(
                    Kind.NOT_FOUND,
                    what + ": no host may be asked for that; check the capabilities in the hosts.toml of the registry");
        }
        RegistryException last = failures.getLast().cause;
        if (failures.size() == 1) {
            return last;
        }
        String answers = failures.subList(Math.max(0, failures.size() - MAX_SHOWN), failures.size()).stream()
                .map(failure -> "[" + failure.cause.getMessage() + "]")
                .collect(Collectors.joining(", "));
        RegistryException all = new RegistryException(
                last.kind(), last.status(), what + ": " + failures.size() + " requests failed: " + answers, last);
        failures.subList(0, failures.size() - 1).forEach(failure -> all.addSuppressed(failure.cause));
        return all;
    }
}
