package dev.wharf.core.streaming;

import dev.wharf.core.typeurl.TypedValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One stream as the daemon's end sees it. One thread at a time may receive, another may send. */
public interface Stream extends AutoCloseable {
    /** Sends a value once the client can take it; {@code CANCELLED} when the client has gone or the stream is closed. */
    void send(TypedValue value);

    /**
     * The next value of the client, or null when it sends no more. {@code CANCELLED} when the client has gone or the
     * stream is closed, {@code DEADLINE_EXCEEDED} when none came in {@code most}.
     */
    @Nullable
    TypedValue receive(Duration most);

    /** Says that somebody uses the stream now: one that nobody claims is closed after a while. */
    void claim();

    /** Ends the stream, for the client too. Does nothing when it has ended. */
    @Override
    void close();
}
