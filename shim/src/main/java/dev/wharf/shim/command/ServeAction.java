package dev.wharf.shim.command;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Prctl;
import dev.wharf.lib.linux.Processes;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.group.Group;
import dev.wharf.shim.group.GroupLock;
import dev.wharf.shim.group.ShimFile;
import dev.wharf.shim.log.ShimLog;
import dev.wharf.shim.serve.Settings;
import dev.wharf.shim.serve.ShimServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Serves the group of the socket given, or finds that another process does, which is as good to whoever asked for it.
 *
 * <p>A caller that wants to know gives a descriptor with {@code -ready-fd}: it gets {@code ready} or {@code failed: …},
 * and then the end of the stream.
 */
final class ServeAction {
    /** How long another process may take that has the lock and does not yet serve, or no longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_MILLIS = 5;

    private ServeAction() {}

    static void run(Runtime runtime, Flags flags) throws IOException, InterruptedException {
        Optional<Fd> answer = flags.value("ready-fd").map(number -> Fd.adopt(Integer.parseInt(number)));
        try {
            answer.ifPresent(_ -> leaveSession());
            Group group = new Group(Path.of(flags.required("socket")));
            Settings settings =
                    Settings.of(group, flags.required("address"), namespace(flags), flags.on("debug"), System.getenv());
            Optional<GroupLock> lock = lock(group);
            if (lock.isEmpty()) {
                answer(answer, "ready");
                return;
            }
            ShimLog.use(group.log(), settings.debug());
            scheduleApart(settings);
            ShimServer.serve(runtime, settings, lock.get(), () -> answer(answer, "ready"));
        } catch (IOException | RuntimeException e) {
            answer(answer, "failed: " + e.getMessage());
            throw e;
        }
    }

    /** Keeps others off the cores this process and its containers run on, as Go's shims do where {@code SCHED_CORE} is set. */
    private static void scheduleApart(Settings settings) throws IOException {
        if (settings.environment().getOrDefault("SCHED_CORE", "").isEmpty()) {
            return;
        }
        try {
            Prctl.createCoreCookie();
        } catch (ErrnoException e) {
            throw new IOException("enable sched core support: " + e.getMessage(), e);
        }
    }

    private static String namespace(Flags flags) {
        return flags.on("one-namespace") ? flags.required("namespace") : "";
    }

    /** What the daemon sends to the group of the start it gave up on must not reach the process that serves. */
    private static void leaveSession() {
        try {
            Processes.newSession();
        } catch (ErrnoException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
        }
    }

    /** The group's lock; empty where another process serves the group. */
    private static Optional<GroupLock> lock(Group group) throws IOException, InterruptedException {
        for (long until = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < until; ) {
            Optional<GroupLock> lock = GroupLock.tryTake(group);
            if (lock.isPresent()) {
                return lock;
            }
            GroupLock.markStart(group);
            if (ShimFile.living(group).isPresent()) {
                return Optional.empty();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new IOException("another process has held " + group.directory() + "/lock for " + PATIENCE.toSeconds()
                + " s and does not serve " + group.socket());
    }

    private static void answer(Optional<Fd> to, String text) {
        to.filter(fd -> !fd.isClosed()).ifPresent(fd -> {
            try (fd) {
                FileIo.writeFully(fd, (text + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }
}
