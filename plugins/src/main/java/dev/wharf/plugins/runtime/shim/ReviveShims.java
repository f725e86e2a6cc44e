package dev.wharf.plugins.runtime.shim;

import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a dead shim again whose containers outlive it: one that noted in their bundles that its successor takes them
 * back ({@link Bundle#isTakenBack}). The containers of one shim come here at once; the first of them starts it.
 */
final class ReviveShims {
    private static final Logger LOG = LoggerFactory.getLogger(ReviveShims.class);
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TURNS = 64;

    private final Function<Path, ShimBinary> binaries;

    /** One start at a time of each shim, by the hash of its address; taken with a limit. */
    private final Semaphore[] turns =
            Stream.generate(() -> new Semaphore(1)).limit(TURNS).toArray(Semaphore[]::new);

    ReviveShims(Function<Path, ShimBinary> binaries) {
        this.binaries = binaries;
    }

    /**
     * A connection to the shim that has taken the container back; empty when its shim leaves nothing to take back, and
     * when a new one does not know the container.
     */
    Optional<TaskClient> revive(Bundle bundle, Optional<Path> binary, ShimEndpoint endpoint, ShimTimeouts timeouts) {
        if (binary.isEmpty() || !bundle.isTakenBack()) {
            return Optional.empty();
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                startIfDead(bundle, binary.get(), endpoint, timeouts);
                return connect(bundle, endpoint, timeouts);
            } catch (WharfException e) {
                LOG.warn(
                        "shim does not take its container back yet namespace={} id={} attempt={}",
                        bundle.namespace(),
                        bundle.id(),
                        attempt,
                        e);
                pause(attempt);
            }
        }
        return Optional.empty();
    }

    private void startIfDead(Bundle bundle, Path binary, ShimEndpoint endpoint, ShimTimeouts timeouts) {
        Semaphore turn = turns[Math.floorMod(endpoint.hashCode(), TURNS)];
        take(turn, bundle, timeouts.start());
        try {
            if (!DeadShims.isDead(endpoint)) {
                return;
            }
            LOG.info("starting a dead shim again namespace={} id={}", bundle.namespace(), bundle.id());
            ShimEndpoint started = binaries.apply(binary).start(bundle, null, timeouts.start());
            if (!started.address().equals(endpoint.address())) {
                throw ErrorKind.UNKNOWN.of("the new shim of " + bundle.id() + " listens on " + started.address()
                        + " and not on " + endpoint.address());
            }
        } finally {
            turn.release();
        }
    }

    private static void take(Semaphore turn, Bundle bundle, Duration within) {
        try {
            if (!turn.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ErrorKind.DEADLINE_EXCEEDED.of(
                        "the shim of " + bundle.id() + " is being started by another container for too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("starting the shim of " + bundle.id() + " again was interrupted", e);
        }
    }

    private static Optional<TaskClient> connect(Bundle bundle, ShimEndpoint endpoint, ShimTimeouts timeouts) {
        TaskClient client = TaskClient.connect(endpoint, bundle.namespace(), bundle.id(), timeouts.load());
        StateRequest request = StateRequest.newBuilder().setId(bundle.id()).build();
        try {
            client.callAnyVersion("State", timeouts.load(), stub -> stub.state(request));
            return Optional.of(client);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                shutdown(client, timeouts);
                return Optional.empty();
            }
            client.close();
            throw e;
        }
    }

    /** A shim that was started for nothing ends, unless it serves other containers. */
    private static void shutdown(TaskClient client, ShimTimeouts timeouts) {
        try (client) {
            client.call("Shutdown", timeouts.shutdown(), stub -> stub.shutdown(ShutdownRequest.getDefaultInstance()));
        } catch (WharfException e) {
            LOG.debug("shim ended before it was asked to", e);
        }
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(PAUSE.multipliedBy(attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("starting a shim again was interrupted", e);
        }
    }
}
