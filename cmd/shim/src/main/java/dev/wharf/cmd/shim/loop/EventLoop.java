package dev.wharf.cmd.shim.loop;

import dev.wharf.lib.linux.Epoll;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.EventFd;
import dev.wharf.lib.linux.Fd;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells handlers that their descriptor is ready, all on one platform thread.
 *
 * <p>A handler must not block; what it throws is logged and ends its registration. A registration is closed before its
 * descriptor is.
 */
public final class EventLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final int BATCH = 64;
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final long WAKE = 0;

    private final Epoll epoll = Epoll.create();
    private final EventFd wake = EventFd.create();
    private final AtomicLong nextKey = new AtomicLong(WAKE + 1);
    private final Map<Long, Handler> handlers = new ConcurrentHashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** What is to be done when a descriptor is ready, for {@code EPOLLIN} and so on of {@link Epoll}. */
    @FunctionalInterface
    public interface Handler {
        /** Called on the loop's thread; must not block. */
        void ready(int events);
    }

    /** A descriptor being watched. */
    public final class Registration implements AutoCloseable {
        private final Fd fd;
        private final long key;

        private Registration(Fd fd, long key) {
            this.fd = fd;
            this.key = key;
        }

        /** Watches for other events from now on; none at all is possible, errors are reported even so. */
        public void modify(int events) {
            epoll.modify(fd, events, key);
        }

        /** Stops watching; the descriptor stays open. A handler that runs at this moment still ends its run. */
        @Override
        public void close() {
            if (handlers.remove(key) != null && !closed) {
                forget();
            }
        }

        private void forget() {
            try {
                epoll.remove(fd);
            } catch (ErrnoException e) {
                if (!e.is(Errno.ENOENT) && !e.is(Errno.EBADF)) {
                    throw e;
                }
            }
        }
    }

    /** Starts the loop. */
    public EventLoop() {
        epoll.add(wake.fd(), Epoll.IN, WAKE);
        thread = Thread.ofPlatform().daemon().name("events").start(this::run);
    }

    /** Watches a descriptor, which stays the caller's. */
    public Registration add(Fd fd, int events, Handler handler) {
        long key = nextKey.getAndIncrement();
        handlers.put(key, handler);
        try {
            epoll.add(fd, events, key);
        } catch (ErrnoException e) {
            handlers.remove(key);
            throw e;
        }
        return new Registration(fd, key);
    }

    /** Runs something short on the loop's thread, after what it is doing now. */
    public void execute(Runnable task) {
        tasks.add(task);
        wake.signal();
    }

    private void run() {
        while (!closed) {
            for (Epoll.Event event : epoll.await(BATCH, FOREVER)) {
                if (event.key() == WAKE) {
                    wake.drain();
                    runTasks();
                } else {
                    handle(event);
                }
            }
        }
        epoll.close();
        wake.close();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task of the event loop failed", e);
            }
        }
    }

    private void handle(Epoll.Event event) {
        Handler handler = handlers.get(event.key());
        if (handler == null) {
            return;
        }
        try {
            handler.ready(event.events());
        } catch (RuntimeException e) {
            LOG.error("a handler of the event loop failed", e);
            handlers.remove(event.key());
        }
    }

    /** Ends the loop; handlers are not called any more. */
    @Override
    public void close() {
        closed = true;
        wake.signal();
        if (Thread.currentThread() != thread) {
            join();
        }
    }

    private void join() {
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
