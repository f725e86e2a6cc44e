package dev.wharf.streams;

import com.google.protobuf.Any;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a stream of messages. One thread at a time may receive, another may send; failures are its side's own. */
public interface MessageStream {
    /** Sends a message once the other end can take it; fails when the stream is over. */
    void send(Any message);

    /** The next message, or null when the other end sends no more; fails when none came in {@code most}. */
    @Nullable
    Any receive(Duration most);

    /** The failure to throw where the other end broke the protocol. */
    RuntimeException violation(String what);

    /** The failure to throw where the other end has left too early. */
    RuntimeException gone(String what);
}
