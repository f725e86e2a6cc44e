package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.linux.Epoll;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.EventFd;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Copies what shims write into the FIFOs of their bundles to the log of the daemon, all on one thread.
 *
 * <p>Each FIFO is open for reading and writing, so that a shim never waits for a reader nor gets a broken pipe while the
 * daemon runs. Lines are cut at 8 KiB.
 */
final class ShimLogs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShimLogs.class);
    private static final Duration TICK = Duration.ofSeconds(60);
    private static final int MAX_LINE = 8 << 10;
    private static final int CHUNK = 16 << 10;
    private static final long WAKE = 0;

    private final Epoll epoll = Epoll.create();
    private final EventFd wake = EventFd.create();
    private final Map<Long, Source> sources = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> ended = new ConcurrentLinkedQueue<>();
    private final AtomicLong keys = new AtomicLong(WAKE);
    private final byte[] chunk = new byte[CHUNK];
    private final Thread thread;

    /** Guards {@link #wake} against being closed while it is signalled, which never waits. */
    private final ReentrantLock waking = new ReentrantLock();

    private volatile boolean stopped;

    ShimLogs() {
        epoll.add(wake.fd(), Epoll.IN, WAKE);
        thread = Thread.ofPlatform().daemon().name("shim-logs").start(this::copyAll);
    }

    /** Copies from now on, until the answer is run; what is in the FIFO then is still copied. */
    Runnable follow(String namespace, String id, Path fifo) {
        long key = keys.incrementAndGet();
        Fd fd = Fifo.openBoth(fifo);
        try {
            Fcntl.setNonBlocking(fd, true);
            sources.put(key, new Source(namespace, id, fd));
            epoll.add(fd, Epoll.IN, key);
        } catch (ErrnoException | IllegalStateException e) {
            sources.remove(key);
            fd.close();
            throw e;
        }
        return () -> end(key);
    }

    private void end(long key) {
        ended.add(key);
        wake();
    }

    private void wake() {
        waking.lock();
        try {
            if (!wake.fd().isClosed()) {
                wake.signal();
            }
        } finally {
            waking.unlock();
        }
    }

    private void copyAll() {
        while (!stopped) {
            try {
                for (Epoll.Event event : epoll.await(64, TICK)) {
                    Source source = sources.get(event.key());
                    if (source != null) {
                        source.copy(chunk);
                    }
                }
                wake.drain();
                closeEnded();
            } catch (ErrnoException e) {
                LOG.warn("reading logs of shims failed", e);
            }
        }
        sources.values().forEach(source -> source.fd.close());
        epoll.close();
        waking.lock();
        try {
            wake.close();
        } finally {
            waking.unlock();
        }
    }

    private void closeEnded() {
        for (Long key = ended.poll(); key != null; key = ended.poll()) {
            Source source = sources.remove(key);
            if (source != null) {
                source.copy(chunk);
                source.flush();
                epoll.remove(source.fd);
                source.fd.close();
            }
        }
    }

    /** Stops copying; shims that go on writing get a broken pipe until another daemon reads. */
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One FIFO and the line begun last. */
    private static final class Source {
        private final String namespace;
        private final String id;
        private final Fd fd;
        private final byte[] line = new byte[MAX_LINE];
        private int length;

        Source(String namespace, String id, Fd fd) {
            this.namespace = namespace;
            this.id = id;
            this.fd = fd;
        }

        /** Takes what is there, at most one chunk, so that no shim keeps the others waiting. */
        void copy(byte[] chunk) {
            OptionalInt count = FileIo.tryRead(fd, chunk, 0, chunk.length);
            for (int i = 0; i < count.orElse(0); i++) {
                if (chunk[i] == '\n' || length == MAX_LINE) {
                    flush();
                }
                if (chunk[i] != '\n') {
                    line[length++] = chunk[i];
                }
            }
        }

        void flush() {
            if (length > 0) {
                String text = printable();
                LOG.atLevel(level(text)).log("{} namespace={} id={}", text, namespace, id);
                length = 0;
            }
        }

        /** What a shim writes must not forge lines of the daemon's log nor drive a terminal. */
        private String printable() {
            for (int i = 0; i < length; i++) {
                if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f) {
                    line[i] = '?';
                }
            }
            return new String(line, 0, length, StandardCharsets.UTF_8);
        }

        /** Go shims write logfmt; their info is about their own insides. */
        private static Level level(String text) {
            if (text.contains("level=error") || text.contains("level=fatal") || text.contains("level=panic")) {
                return Level.ERROR;
            }
            if (text.contains("level=warn")) {
                return Level.WARN;
            }
            return text.contains("level=info") || text.contains("level=debug") ? Level.DEBUG : Level.INFO;
        }
    }
}
