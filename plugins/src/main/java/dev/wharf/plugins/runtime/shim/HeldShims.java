package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.typeurl.TypedValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to wharf's own shims, which serve many containers and stay for a while after their last one
 * ({@link #LINGER}). While one is held, a container goes to it without any process being started.
 */
final class HeldShims implements AutoCloseable {
    /** What tells shims how many seconds to stay after their last container. */
    static final String LINGER = "WHARF_SHIM_LINGER";

    static final String LINGER_SECONDS = "300";

    private static final Logger LOG = LoggerFactory.getLogger(HeldShims.class);

    /** Programs of our own, whose {@code start} gives every container without these annotations the same shim. */
    private static final String OURS = "containerd-shim-wharf-v1";

    private static final List<byte[]> GROUPS = List.of(
            "io.containerd.runc.v2.group".getBytes(StandardCharsets.UTF_8),
            "io.kubernetes.cri.sandbox-id".getBytes(StandardCharsets.UTF_8));
    private static final int MOST = 1024;

    /** Every call names one; that of a connection which is for none of them does not matter. */
    private static final String ANY_NAMESPACE = "default";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final ShimTimeouts timeouts;
    private final Map<Key, ShimEndpoint> known = new ConcurrentHashMap<>();
    private final Map<ShimEndpoint, SharedConnection> held = new ConcurrentHashMap<>();

    private record Key(Path binary, String namespace) {}

    HeldShims(ShimTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** The running shim a container of this spec goes to, if it is known. */
    Optional<ShimEndpoint> find(Path binary, String namespace, TypedValue spec) {
        if (namesGroup(spec)) {
            return Optional.empty();
        }
        Key key = new Key(binary, namespace);
        ShimEndpoint endpoint = known.get(key);
        if (endpoint == null) {
            return Optional.empty();
        }
        if (connected(endpoint).isEmpty()) {
            known.remove(key, endpoint);
            return Optional.empty();
        }
        return Optional.of(endpoint);
    }

    /** Holds the shim that {@code start} answered with for a container of this spec, if it is one of ours. */
    void hold(Path binary, String namespace, TypedValue spec, ShimEndpoint endpoint) {
        if (isOurs(binary)
                && !namesGroup(spec)
                && known.size() < MOST
                && connected(endpoint).isPresent()) {
            known.put(new Key(binary, namespace), endpoint);
        }
    }

    /** Holds the shim of a container that an earlier daemon made, if it is one of ours. */
    void hold(Optional<Path> binary, ShimEndpoint endpoint) {
        if (binary.filter(HeldShims::isOurs).isPresent() && held.size() < MOST) {
            connected(endpoint);
        }
    }

    /** A client of a container over the connection that all containers of a held shim share; none for other shims. */
    Optional<TaskClient> client(ShimEndpoint endpoint, String namespace, String id) {
        return Optional.ofNullable(held.get(endpoint))
                .filter(shared -> !shared.channel().isClosed())
                .map(shared -> TaskClient.over(shared, endpoint, namespace, id));
    }

    /** Whether the shim is one that goes on without containers. */
    boolean holds(ShimEndpoint endpoint) {
        return held.containsKey(endpoint);
    }

    /** The connection, made again where it was lost; empty, and the shim not held any more, when nobody listens. */
    private Optional<SharedConnection> connected(ShimEndpoint endpoint) {
        SharedConnection before = held.get(endpoint);
        if (before != null && !before.channel().isClosed()) {
            return Optional.of(before);
        }
        try {
            return Optional.of(keep(endpoint, TaskClient.share(endpoint, CONNECT)));
        } catch (WharfException e) {
            LOG.debug("shim is not held any more address={}", endpoint.address(), e);
            held.remove(endpoint);
            return Optional.empty();
        }
    }

    /** Keeps a new connection, unless another thread was first: containers may use that one already. */
    private SharedConnection keep(ShimEndpoint endpoint, SharedConnection fresh) {
        SharedConnection kept = Objects.requireNonNull(held.compute(
                endpoint, (_, known) -> known == null || known.channel().isClosed() ? fresh : known));
        if (kept != fresh) {
            fresh.close();
        }
        return kept;
    }

    private static boolean isOurs(Path binary) {
        return binary.endsWith(OURS);
    }

    /** Whether the spec may name a group of its own; a text that only looks like it costs a process, no more. */
    private static boolean namesGroup(TypedValue spec) {
        return GROUPS.stream().anyMatch(name -> contains(spec.value(), name));
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int at = 0; at <= text.length - part.length; at++) {
            int matched = 0;
            while (matched < part.length && text[at + matched] == part[matched]) {
                matched++;
            }
            if (matched == part.length) {
                return true;
            }
        }
        return false;
    }

    /** Lets all of them go; those without containers end at once. */
    @Override
    public void close() {
        held.keySet()
                .forEach(endpoint -> connected(endpoint).ifPresent(connection -> {
                    shutdown(endpoint, TaskClient.over(connection, endpoint, ANY_NAMESPACE, ""));
                    connection.close();
                }));
        held.clear();
        known.clear();
    }

    private void shutdown(ShimEndpoint endpoint, TaskClient client) {
        ShutdownRequest request = ShutdownRequest.newBuilder().setNow(true).build();
        try {
            client.call("Shutdown", timeouts.shutdown(), stub -> stub.shutdown(request));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                LOG.warn("failed to shut shim down address={}", endpoint.address(), e);
            }
        }
    }
}
