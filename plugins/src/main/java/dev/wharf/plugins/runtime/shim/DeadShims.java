package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.runtime.Exit;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after shims whose connection ended without being asked to: one that still listens is connected to again, one that
 * is dead is cleaned up after.
 *
 * <p>Cleaning up runs {@code shim delete}, which kills what still runs in the container. Only when the first process has
 * ended for certain are the bundle removed and the events {@code /tasks/exit} and {@code /tasks/delete} published.
 */
final class DeadShims {
    private static final Logger LOG = LoggerFactory.getLogger(DeadShims.class);
    private static final int RECONNECTS = 5;
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(100);
    private static final int STATUS_UNKNOWN = 255;

    private final RunningTasks tasks;
    private final EventBus events;
    private final Function<Path, ShimBinary> binaries;
    private final InstantSource clock;

    DeadShims(RunningTasks tasks, EventBus events, Function<Path, ShimBinary> binaries, InstantSource clock) {
        this.tasks = tasks;
        this.events = events;
        this.binaries = binaries;
        this.clock = clock;
    }

    /** Looks after the shim from now on. */
    void watch(Shim shim) {
        TaskClient client = shim.client();
        client.onClose(() -> connectionEnded(shim, client));
    }

    private void connectionEnded(Shim shim, TaskClient client) {
        if (shim.phase() != Shim.Phase.LIVE || shim.client() != client) {
            return;
        }
        LOG.info("shim disconnected namespace={} id={}", shim.namespace(), shim.id());
        if (!reconnect(shim)) {
            bury(shim);
        }
    }

    /** Connects again to a shim that still listens; one that does but is too slow to answer counts as alive. */
    private boolean reconnect(Shim shim) {
        for (int attempt = 1; attempt <= RECONNECTS && shim.phase() == Shim.Phase.LIVE; attempt++) {
            try {
                Thread.sleep(RECONNECT_PAUSE.multipliedBy(attempt));
                TaskClient client = TaskClient.connect(
                        shim.endpoint(), shim.bundle(), shim.timeouts().load());
                if (answers(shim, client)) {
                    LOG.warn("connected to shim again namespace={} id={}", shim.namespace(), shim.id());
                    shim.reconnected(client);
                    watch(shim);
                    return true;
                }
            } catch (WharfException e) {
                if (isDead(shim.endpoint())) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }
        return shim.phase() != Shim.Phase.LIVE;
    }

    private static boolean answers(Shim shim, TaskClient client) {
        ConnectRequest request = ConnectRequest.newBuilder().setId(shim.id()).build();
        try {
            client.callAnyVersion("Connect", shim.timeouts().load(), stub -> stub.connect(request));
            return true;
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.UNAVAILABLE) {
                client.close();
                return false;
            }
            return true;
        }
    }

    /**
     * Cleans up after a dead shim and answers how its container ended; empty when another thread does, or when the
     * container could not be ended, in which case all is kept.
     */
    Optional<Exit> bury(Shim shim) {
        if (!shim.advance(Shim.Phase.LIVE, Shim.Phase.DEAD) && !shim.advance(Shim.Phase.STUCK, Shim.Phase.DEAD)) {
            return Optional.empty();
        }
        LOG.info("cleaning up after shim disconnected namespace={} id={}", shim.namespace(), shim.id());
        shim.disconnect();
        Optional<Exit> exit = end(shim);
        if (exit.isEmpty()) {
            shim.set(Shim.Phase.STUCK);
            return exit;
        }
        shim.rememberExit(exit.get());
        boolean known = tasks.hide(shim);
        removeFiles(shim);
        tasks.release(shim.namespace(), shim.id());
        shim.set(Shim.Phase.RELEASED);
        if (known) {
            publish(shim, exit.get());
        }
        shim.markGone();
        return exit;
    }

    /** Ends the container of a dead shim; empty when its first process lives on. */
    Optional<Exit> end(Shim shim) {
        Optional<Exit> deleted = runDelete(shim);
        InitProcess init = shim.init();
        Duration patience = shim.timeouts().cleanup();
        boolean ended = shim.binary().isPresent()
                ? init.awaitEnd(Duration.ofSeconds(1)) || init.kill(patience)
                : !init.isAlive();
        if (!ended) {
            LOG.error(
                    "container outlives its shim and cannot be ended, its bundle is kept namespace={} id={} pid={}",
                    shim.namespace(),
                    shim.id(),
                    init.pid());
            return Optional.empty();
        }
        return Optional.of(shim.knownExit()
                .or(() -> deleted)
                .orElseGet(() -> new Exit(init.pid(), STATUS_UNKNOWN, clock.instant())));
    }

    private Optional<Exit> runDelete(Shim shim) {
        if (shim.binary().isEmpty()) {
            LOG.warn("no shim binary to clean up with namespace={} id={}", shim.namespace(), shim.id());
            return Optional.empty();
        }
        try {
            Exit exit = binaries.apply(shim.binary().get())
                    .delete(shim.bundle(), shim.timeouts().cleanup());
            Instant at = exit.at().equals(Instant.EPOCH) ? clock.instant() : exit.at();
            return Optional.of(new Exit(exit.pid() == 0 ? shim.init().pid() : exit.pid(), exit.status(), at));
        } catch (WharfException e) {
            LOG.warn("failed to clean up after shim namespace={} id={}", shim.namespace(), shim.id(), e);
            return Optional.empty();
        }
    }

    private static void removeFiles(Shim shim) {
        removeDeadSocket(shim);
        try {
            shim.bundle().delete();
        } catch (WharfException e) {
            LOG.error("bundle of a dead shim cannot be removed id={}", shim.id(), e);
        }
    }

    /** Removes a socket nobody listens on; one that is in use by other containers stays. */
    static void removeDeadSocket(Shim shim) {
        removeDeadSocket(shim.endpoint());
    }

    static void removeDeadSocket(ShimEndpoint endpoint) {
        endpoint.socket().filter(socket -> isDead(socket)).ifPresent(socket -> {
            try {
                Files.deleteIfExists(socket);
            } catch (IOException e) {
                LOG.warn("socket of a dead shim cannot be removed path={}", socket, e);
            }
        });
    }

    /** Whether nobody listens there for certain. */
    static boolean isDead(ShimEndpoint endpoint) {
        return endpoint.socket().map(DeadShims::isDead).orElse(false);
    }

    /** Whether nobody listens; never waits, as a full backlog means that somebody does. */
    private static boolean isDead(Path socket) {
        if (!Files.exists(socket)) {
            return true;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return false;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            return why.contains("refused") || why.contains("No such file");
        }
    }

    private void publish(Shim shim, Exit exit) {
        String id = shim.id();
        events.publish(
                shim.namespace(), "/tasks/exit", new Event.TaskExited(id, id, exit.pid(), exit.status(), exit.at()));
        events.publish(
                shim.namespace(), "/tasks/delete", new Event.TaskDeleted(id, exit.pid(), exit.status(), exit.at(), ""));
    }
}
