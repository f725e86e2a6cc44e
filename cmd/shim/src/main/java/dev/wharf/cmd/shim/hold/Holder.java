package dev.wharf.cmd.shim.hold;

import dev.wharf.lib.linux.Child;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Pipe;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.linux.Spawn;
import dev.wharf.lib.linux.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that keeps the queues open: a shell in a session of its own that reads from a pipe into which nobody
 * writes, and ends when nobody could any more. The pipe's other end is its lifeline: this process has it, and the queue
 * holds it while anything else is parked there. The file {@code holder} names it, by pid and start.
 */
final class Holder {
    static final int QUEUES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Holder.class);
    private static final String FILE = "holder";

    /** Its descriptors: the ends of the queues in order. */
    private static final int FIRST = 3;

    private final Path directory;
    private final Pidfd pidfd;
    private final List<ParkedQueue> queues;

    /** Of one that was found, known when its queues have been read; of an earlier version's, which has it itself, never. */
    private final AtomicReference<@Nullable Fd> lifeline;

    private Holder(Path directory, Pidfd pidfd, List<ParkedQueue> queues, @Nullable Fd lifeline) {
        this.directory = directory;
        this.pidfd = pidfd;
        this.queues = queues;
        this.lifeline = new AtomicReference<>(lifeline);
    }

    /** The one that a directory names, if it is alive. */
    static Optional<Holder> find(Path directory) {
        return read(directory.resolve(FILE)).flatMap(id -> open(directory, id));
    }

    private static Optional<ProcessId> read(Path file) {
        try {
            return ProcessId.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Optional<Holder> open(Path directory, ProcessId id) {
        Pidfd pidfd;
        try {
            pidfd = Pidfd.open(id.pid());
        } catch (ErrnoException e) {
            LOG.warn("the keeper of descriptors is gone, pid={}", id.pid());
            return Optional.empty();
        }
        if (!id.exists() || pidfd.hasEnded()) {
            pidfd.close();
            return Optional.empty();
        }
        try {
            List<ParkedQueue> queues = List.of(queue(pidfd, FIRST), queue(pidfd, FIRST + 2));
            return Optional.of(new Holder(directory, pidfd, queues, null));
        } catch (ErrnoException e) {
            LOG.info("the keeper of descriptors is just ending, pid={} error={}", id.pid(), e.getMessage());
            pidfd.close();
            return Optional.empty();
        }
    }

    private static ParkedQueue queue(Pidfd pidfd, int number) {
        return new ParkedQueue(
                UnixSocket.adopt(pidfd.descriptor(number)), UnixSocket.adopt(pidfd.descriptor(number + 1)));
    }

    /** Starts one for these queues and names it in the directory. */
    static Holder start(Path directory, List<ParkedQueue> queues) {
        Pipe pipe = Pipe.create();
        try (Fd reader = pipe.reader()) {
            Spawn spawn = Spawn.command("/bin/sh", "-c", "read nothing", "wharf-shim-holder", directory.toString())
                    .environment(Map.of())
                    .directory(Path.of("/"))
                    .newSession()
                    .fd(0, reader);
            for (int i = 0; i < QUEUES; i++) {
                List<Fd> ends = queues.get(i).ends();
                spawn.fd(FIRST + 2 * i, ends.get(0)).fd(FIRST + 2 * i + 1, ends.get(1));
            }
            Child child = spawn.start();
            write(directory.resolve(FILE), child.pid());
            return new Holder(directory, child.pidfd(), queues, pipe.writer());
        } catch (RuntimeException e) {
            pipe.writer().close();
            throw e;
        }
    }

    private static void write(Path file, int pid) {
        ProcessId id =
                ProcessId.of(pid).orElseThrow(() -> new IllegalStateException("the keeper of descriptors is gone"));
        Path temporary = file.resolveSibling("." + FILE);
        try {
            Files.writeString(temporary, id.toString());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    Pidfd pidfd() {
        return pidfd;
    }

    ParkedQueue queue(int number) {
        return queues.get(number);
    }

    /** By which it lives. */
    Optional<Fd> lifeline() {
        return Optional.ofNullable(lifeline.get());
    }

    /** Takes over what was parked by its former process. */
    void adopt(Fd parked) {
        lifeline.set(parked);
    }

    /** Gives up what is held here for one that has died, but for its queues. */
    void forget() {
        pidfd.close();
        lifeline().ifPresent(Fd::close);
    }

    /** Ends it, and with it all that is parked. */
    void end() {
        try {
            Files.deleteIfExists(directory.resolve(FILE));
            pidfd.sendSignal(Signal.SIGKILL.number());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + FILE, e);
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
        queues.forEach(ParkedQueue::close);
        lifeline().ifPresent(Fd::close);
    }
}
