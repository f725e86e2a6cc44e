package dev.wharf.cmd.shim.hold;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.ReceivedMessage;
import dev.wharf.lib.linux.UnixSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One queue of parked descriptors: a socket pair into whose one end messages are written that nobody takes out of the
 * other. Reading looks at them and leaves them.
 *
 * <p>A message is lines of text: a word and the number of the generation, then keys. {@code begin} opens a generation,
 * {@code park} brings descriptors for its keys, {@code drop} takes keys back, {@code complete} says that all that was
 * parked when the generation began is here. What follows changes it.
 */
final class ParkedQueue {
    private static final int MESSAGE = 1 << 16;
    private static final int MOST = 240;
    private static final int ROOM = 64 << 20;

    private final UnixSocket writer;
    private final UnixSocket reader;

    ParkedQueue(UnixSocket writer, UnixSocket reader) {
        this.writer = writer;
        this.reader = reader;
    }

    static ParkedQueue create() {
        UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.Type.SEQPACKET);
        // Without the right to it the usual room does for about 200 messages, after which a new generation begins.
        pair.first().forceSendBuffer(ROOM);
        return new ParkedQueue(pair.first(), pair.second());
    }

    /** Both ends, in the order they were made with. */
    List<Fd> ends() {
        return List.of(writer.fd(), reader.fd());
    }

    void begin(long generation) {
        send("begin", generation, List.of(), List.of());
    }

    void complete(long generation) {
        send("complete", generation, List.of(), List.of());
    }

    void drop(long generation, List<String> keys) {
        send("drop", generation, keys, List.of());
    }

    /** Parks descriptors; the caller keeps its own. */
    void park(long generation, Map<String, Fd> descriptors) {
        List<String> keys = new ArrayList<>(descriptors.keySet());
        for (int i = 0; i < keys.size(); i += MOST) {
            List<String> some = keys.subList(i, Math.min(keys.size(), i + MOST));
            List<Fd> fds = some.stream().map(descriptors::get).toList();
            send("park", generation, some, fds);
        }
    }

    private void send(String word, long generation, List<String> keys, List<Fd> descriptors) {
        String text = word + " " + generation + "\n" + String.join("\n", keys);
        writer.sendNow(text.getBytes(StandardCharsets.UTF_8), descriptors);
    }

    /** The newest complete generation, with descriptors that are the caller's; empty when there is none. */
    Optional<Generation> read() {
        reader.peekFrom(0);
        Generation current = null;
        boolean complete = false;
        for (Optional<ReceivedMessage> next = peek(); next.isPresent(); next = peek()) {
            String[] lines = new String(next.get().data(), StandardCharsets.UTF_8).split("\n", -1);
            String[] head = lines[0].split(" ", -1);
            if (head[0].equals("begin")) {
                close(current);
                current = new Generation(Long.parseLong(head[1]), new LinkedHashMap<>());
                complete = false;
            } else if (head[0].equals("complete")) {
                complete = true;
            } else if (current != null) {
                apply(current, head[0], keys(lines), next.get().descriptors());
            }
        }
        if (!complete) {
            close(current);
            return Optional.empty();
        }
        return Optional.ofNullable(current);
    }

    private static void close(@org.jspecify.annotations.Nullable Generation generation) {
        if (generation != null) {
            generation.close();
        }
    }

    private Optional<ReceivedMessage> peek() {
        return reader.peek(MESSAGE, MOST).filter(message -> message.data().length > 0);
    }

    private static List<String> keys(String[] lines) {
        return Arrays.stream(lines).skip(1).filter(key -> !key.isEmpty()).toList();
    }

    private static void apply(Generation generation, String word, List<String> keys, List<Fd> descriptors) {
        for (int i = 0; i < keys.size(); i++) {
            Fd before = word.equals("park")
                    ? generation.descriptors().put(keys.get(i), descriptors.get(i))
                    : generation.descriptors().remove(keys.get(i));
            if (before != null) {
                before.close();
            }
        }
    }

    /** Empties the queue, which lets go of all that is parked in it. */
    void clear() {
        reader.peekFrom(0);
        for (Optional<ReceivedMessage> next = take(); next.isPresent(); next = take()) {
            next.get().descriptors().forEach(Fd::close);
        }
    }

    private Optional<ReceivedMessage> take() {
        return reader.receiveNow(MESSAGE, MOST).filter(message -> message.data().length > 0);
    }

    /** Gives up both ends here. */
    void close() {
        writer.close();
        reader.close();
    }

    /** What one generation holds. */
    record Generation(long number, Map<String, Fd> descriptors) implements AutoCloseable {
        @Override
        public void close() {
            descriptors.values().forEach(Fd::close);
        }
    }
}
