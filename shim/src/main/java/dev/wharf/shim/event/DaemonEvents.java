package dev.wharf.shim.event;

import dev.wharf.api.services.events.ttrpc.v1.EventsGrpc;
import dev.wharf.api.services.events.ttrpc.v1.ForwardRequest;
import dev.wharf.api.types.Envelope;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's event service on its ttRPC socket. One connection for all, made anew when it has ended.
 *
 * <p>A daemon that cannot be reached or does not answer in five seconds is asked again, less and less often, at least
 * every two seconds; one that refuses an event is asked five times.
 */
public final class DaemonEvents implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonEvents.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_REFUSALS = 5;
    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private final Path socket;
    private final AtomicReference<@Nullable TtrpcChannel> connection = new AtomicReference<>();
    private volatile boolean closed;

    /** What became of one attempt. */
    private enum Outcome {
        TAKEN,
        REFUSED,
        AWAY
    }

    /** The service on a socket, which is connected to when there is something to say. */
    public DaemonEvents(Path socket) {
        this.socket = socket;
    }

    /** Forwards an event for as long as it is wanted; tells whether the daemon has taken it. Blocks. */
    boolean forward(Envelope envelope, BooleanSupplier wanted) {
        int refusals = 0;
        long pause = FIRST_PAUSE_MILLIS;
        while (!closed && wanted.getAsBoolean()) {
            switch (attempt(envelope)) {
                case TAKEN -> {
                    return true;
                }
                case REFUSED -> refusals++;
                case AWAY -> refusals = 0;
            }
            if (refusals == MAX_REFUSALS) {
                LOG.error(
                        "daemon does not take event namespace={} topic={}",
                        envelope.getNamespace(),
                        envelope.getTopic());
                return false;
            }
            if (!sleep(pause)) {
                return false;
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return false;
    }

    private Outcome attempt(Envelope envelope) {
        try {
            EventsGrpc.newBlockingStub(channel())
                    .withDeadlineAfter(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .forward(ForwardRequest.newBuilder().setEnvelope(envelope).build());
            return Outcome.TAKEN;
        } catch (IOException e) {
            LOG.debug("daemon cannot be reached socket={} reason={}", socket, e.getMessage());
            return Outcome.AWAY;
        } catch (StatusRuntimeException e) {
            LOG.warn("event not taken, will be sent again topic={} status={}", envelope.getTopic(), e.getStatus());
            Status.Code code = e.getStatus().getCode();
            boolean away = code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
            return away ? Outcome.AWAY : Outcome.REFUSED;
        }
    }

    private TtrpcChannel channel() throws IOException {
        TtrpcChannel present = connection.get();
        if (present != null && !present.isClosed()) {
            return present;
        }
        TtrpcChannel made =
                TtrpcChannel.connect(socket, TIMEOUT, Thread.ofVirtual().factory());
        if (connection.compareAndSet(present, made)) {
            if (closed) {
                made.close();
            }
            return made;
        }
        made.close();
        return channel();
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the connection and all attempts. */
    @Override
    public void close() {
        closed = true;
        TtrpcChannel present = connection.get();
        if (present != null) {
            present.close();
        }
    }
}
