package dev.wharf.cmd.shim.cgroup;

import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.lib.linux.Epoll;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.EventFd;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Inotify;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Word of a control group that runs out of memory, until it is closed. */
public final class OomWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OomWatch.class);

    private final EventLoop.Registration registration;
    private final AutoCloseable source;

    private OomWatch(EventLoop.Registration registration, AutoCloseable source) {
        this.registration = registration;
        this.source = source;
    }

    /**
     * Begins to watch; empty where the group cannot be, as when it is gone or has no memory controller.
     *
     * @param listener called on the loop's thread for each time: must not block
     */
    public static Optional<OomWatch> start(EventLoop loop, ControlGroup group, Runnable listener) {
        try {
            return group.figures("memory")
                    .map(Figures::directory)
                    .filter(Files::isDirectory)
                    .map(directory ->
                            group.unified() ? unified(loop, directory, listener) : legacy(loop, directory, listener));
        } catch (ErrnoException | IllegalStateException e) {
            LOG.warn("cannot watch the memory of a container, error={}", e.getMessage());
            return Optional.empty();
        }
    }

    /** An event counter that the kernel adds to. Source: admin-guide/cgroup-v1/memory.rst, 10. */
    private static OomWatch legacy(EventLoop loop, Path directory, Runnable listener) {
        EventFd event = EventFd.create();
        try (Fd control = Fd.open(directory.resolve("memory.oom_control"), OpenFlags.O_RDONLY)) {
            Files.writeString(
                    directory.resolve("cgroup.event_control"), event.fd().number() + " " + control.number());
        } catch (IOException | ErrnoException e) {
            event.close();
            throw new IllegalStateException("cannot ask for events of " + directory + ": " + e.getMessage(), e);
        }
        // The kernel also signals when the group is removed.
        return new OomWatch(
                loop.add(event.fd(), Epoll.IN, ready -> {
                    if (event.drain() > 0 && Files.exists(directory.resolve("memory.oom_control"))) {
                        listener.run();
                    }
                }),
                event);
    }

    /** The kernel modifies memory.events; what counts is that oom_kill grows. */
    private static OomWatch unified(EventLoop loop, Path directory, Runnable listener) {
        Inotify inotify = Inotify.create();
        try {
            inotify.add(directory.resolve("memory.events"), Inotify.MODIFY);
        } catch (ErrnoException e) {
            inotify.close();
            throw e;
        }
        KillCount count = new KillCount(new Figures(directory));
        return new OomWatch(
                loop.add(inotify.fd(), Epoll.IN, ready -> {
                    inotify.read();
                    if (count.grew()) {
                        listener.run();
                    }
                }),
                inotify);
    }

    /** How many processes of a group the kernel has killed; used on one thread. */
    static final class KillCount {
        private final Figures figures;
        private long last;

        KillCount(Figures figures) {
            this.figures = figures;
            this.last = now();
        }

        /** Whether it is more than at the last question. */
        boolean grew() {
            long now = now();
            boolean grew = now > last;
            last = now;
            return grew;
        }

        private long now() {
            return figures.table("memory.events").getOrDefault("oom_kill", 0L);
        }
    }

    @Override
    public void close() {
        registration.close();
        try {
            source.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot end a watch of memory", e);
        }
    }
}
