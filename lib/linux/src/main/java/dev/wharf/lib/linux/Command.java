package dev.wharf.lib.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Running a program to its end: input given whole, output collected up to a limit, all of its process group killed when
 * its time is over.
 *
 * <p>What processes it left behind write after its end is not waited for.
 */
public final class Command {
    private static final Duration REAP = Duration.ofSeconds(10);
    private static final int CHUNK = 1 << 16;

    private final Child child;
    private final Input input;
    private final Output stdout;
    private final Output stderr;

    private Command(Child child, Input input, Output stdout, Output stderr) {
        this.child = child;
        this.input = input;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * Runs a command with the environment of this process. Blocks up to the timeout; a virtual thread leaves its carrier
     * meanwhile.
     *
     * @param outputLimit bytes kept of each of the two outputs; more is read and dropped
     */
    public static CommandResult run(List<String> arguments, byte[] stdin, Duration timeout, int outputLimit) {
        return run(Spawn.command(arguments), stdin, timeout, outputLimit);
    }

    /** Runs a command with an environment of its own. */
    public static CommandResult run(
            List<String> arguments, Map<String, String> environment, byte[] stdin, Duration timeout, int outputLimit) {
        return run(Spawn.command(arguments).environment(environment), stdin, timeout, outputLimit);
    }

    /** Runs a prepared command, whose descriptors 0, 1 and 2 and process group are set here. */
    public static CommandResult run(Spawn spawn, byte[] stdin, Duration timeout, int outputLimit) {
        return PlatformThread.callBlocking("command", () -> runHere(spawn, stdin, timeout, outputLimit));
    }

    private static CommandResult runHere(Spawn spawn, byte[] stdin, Duration timeout, int outputLimit) {
        try (Pipe in = Pipe.create();
                Pipe out = Pipe.create();
                Pipe err = Pipe.create()) {
            Input input = new Input(in.writer(), stdin);
            Output stdout = new Output(out.reader(), outputLimit);
            Output stderr = new Output(err.reader(), outputLimit);
            spawn.fd(0, in.reader()).fd(1, out.writer()).fd(2, err.writer());
            try (Child child = spawn.newProcessGroup().start()) {
                in.reader().close();
                out.writer().close();
                err.writer().close();
                return new Command(child, input, stdout, stderr).toEnd(timeout);
            }
        }
    }

    private CommandResult toEnd(Duration timeout) {
        boolean inTime = false;
        try {
            inTime = pump(System.nanoTime() + Nanos.of(timeout));
        } finally {
            if (!inTime) {
                Processes.killGroup(child.pid(), Signal.SIGKILL);
                child.waitFor(REAP);
            }
        }
        ExitStatus exit = child.poll()
                .orElseThrow(() -> new ErrnoException(
                        Errno.ETIMEDOUT.number(), "wait for pid " + child.pid(), "killed and not gone"));
        stdout.drain();
        stderr.drain();
        return new CommandResult(exit, stdout.kept, stderr.kept, !inTime);
    }

    /** Moves data until the child has ended; false when the time is over before. */
    private boolean pump(long deadline) {
        while (true) {
            List<Poll.Interest> interests = new ArrayList<>();
            interests.add(new Poll.Interest(child.pidfd().fd(), Poll.IN));
            stdout.register(interests);
            stderr.register(interests);
            input.register(interests);
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            int[] events = Poll.await(interests, Duration.ofNanos(left));
            if (events[0] != 0) {
                return true;
            }
            input.write();
            stdout.drain();
            stderr.drain();
        }
    }

    /** The writing end of the child's input, closed when all is written or the child closed its end. */
    private static final class Input {
        private final Fd fd;
        private final byte[] data;
        private int written;

        Input(Fd fd, byte[] data) {
            this.fd = fd;
            this.data = data;
            Fcntl.setNonBlocking(fd, true);
            write();
        }

        void register(List<Poll.Interest> interests) {
            if (!fd.isClosed()) {
                interests.add(new Poll.Interest(fd, Poll.OUT));
            }
        }

        void write() {
            if (fd.isClosed()) {
                return;
            }
            try {
                OptionalInt count = OptionalInt.of(0);
                while (written < data.length && count.isPresent()) {
                    count = FileIo.tryWrite(fd, data, written, data.length - written);
                    written += count.orElse(0);
                }
            } catch (ErrnoException e) {
                if (!e.is(Errno.EPIPE)) {
                    throw e;
                }
                written = data.length;
            }
            if (written == data.length) {
                fd.close();
            }
        }
    }

    /** The reading end of one output and what came through it. */
    private static final class Output {
        private final Fd fd;
        private final BoundedBytes kept;
        private final byte[] chunk = new byte[CHUNK];

        Output(Fd fd, int limit) {
            this.fd = fd;
            this.kept = new BoundedBytes(limit);
            Fcntl.setNonBlocking(fd, true);
        }

        void register(List<Poll.Interest> interests) {
            if (!fd.isClosed()) {
                interests.add(new Poll.Interest(fd, Poll.IN));
            }
        }

        /** Reads what is there, at most as often as one turn may take, so that neither side starves the other. */
        void drain() {
            for (int turn = 0; turn < 64 && !fd.isClosed(); turn++) {
                OptionalInt count = FileIo.tryRead(fd, chunk, 0, chunk.length);
                if (count.isEmpty()) {
                    return;
                }
                if (count.getAsInt() == 0) {
                    fd.close();
                    return;
                }
                kept.append(chunk, count.getAsInt());
            }
        }
    }
}
