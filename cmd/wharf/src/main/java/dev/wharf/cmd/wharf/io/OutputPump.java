package dev.wharf.cmd.wharf.io;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.EventFd;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Poll;
import dev.wharf.lib.linux.Poll.Interest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Copies from a FIFO to a descriptor until all writers have closed it. */
final class OutputPump {
    private static final int BUFFER = 1 << 16;
    private static final Duration FOREVER = Duration.ofHours(1);

    /** How long nothing may come after the process has ended, while some child of it still holds the FIFO open. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Fd fifo;
    private final Fd target;
    private final EventFd ending = EventFd.create();
    private final Thread thread;
    private volatile boolean drain;
    private volatile boolean stop;

    private OutputPump(Fd fifo, Fd target) {
        this.fifo = fifo;
        this.target = target;
        this.thread = Thread.ofPlatform().daemon().name("output").unstarted(this::copy);
    }

    static OutputPump start(Fd fifo, Fd target) {
        OutputPump pump = new OutputPump(fifo, target);
        pump.thread.start();
        return pump;
    }

    /** Returns when everything is copied. */
    void drain() {
        drain = true;
        ending.signal();
        join();
    }

    /** Ends the copying, wherever it is, and closes the FIFO. */
    void close() {
        stop = true;
        ending.signal();
        join();
        ending.close();
        fifo.close();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copy() {
        byte[] buffer = new byte[BUFFER];
        boolean broken = false;
        while (!stop && await()) {
            OptionalInt count = FileIo.tryRead(fifo, buffer, 0, buffer.length);
            if (count.isPresent() && count.getAsInt() == 0) {
                return;
            }
            // A reader of ours that went away must not stop the container: its output is then thrown away.
            if (!broken) {
                broken = !write(buffer, count.orElse(0));
            }
        }
    }

    /** Waits for bytes or the end; false when neither comes any more. */
    private boolean await() {
        boolean draining = drain;
        List<Interest> interests = draining
                ? List.of(new Interest(fifo, Poll.IN))
                : List.of(new Interest(fifo, Poll.IN), new Interest(ending.fd(), Poll.IN));
        int[] events = Poll.await(interests, draining ? QUIET : FOREVER);
        if (!draining && events[1] != 0) {
            ending.drain();
        }
        return !draining || events[0] != 0;
    }

    private boolean write(byte[] buffer, int count) {
        try {
            for (int done = 0; done < count; ) {
                OptionalInt written = FileIo.tryWrite(target, buffer, done, count - done);
                if (written.isEmpty()) {
                    Poll.await(target, Poll.OUT, FOREVER);
                }
                done += written.orElse(0);
            }
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }
}
