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

/** Copies from standard input to a FIFO until the input ends. */
final class InputPump {
    private static final int BUFFER = 1 << 16;
    private static final Duration FOREVER = Duration.ofHours(1);

    private final Fd source;
    private final Fd fifo;
    private final Runnable ended;
    private final EventFd ending = EventFd.create();
    private final Thread thread;
    private volatile boolean stop;

    private InputPump(Fd source, Fd fifo, Runnable ended) {
        this.source = source;
        this.fifo = fifo;
        this.ended = ended;
        this.thread = Thread.ofPlatform().daemon().name("input").unstarted(this::copy);
    }

    /** Starts; {@code ended} is run once the source has ended and the FIFO is closed on this side. */
    static InputPump start(Fd source, Fd fifo, Runnable ended) {
        InputPump pump = new InputPump(source, fifo, ended);
        pump.thread.start();
        return pump;
    }

    /** Ends the copying, wherever it is. */
    void close() {
        stop = true;
        ending.signal();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ending.close();
        fifo.close();
    }

    private void copy() {
        byte[] buffer = new byte[BUFFER];
        try {
            while (await(source, Poll.IN)) {
                OptionalInt count = FileIo.tryRead(source, buffer, 0, buffer.length);
                if (count.isPresent() && count.getAsInt() == 0) {
                    break;
                }
                write(buffer, count.orElse(0));
            }
        } catch (ErrnoException e) {
            // The terminal was hung up, or the process reads no more: the input has ended.
        }
        if (!stop) {
            fifo.close();
            ended.run();
        }
    }

    private void write(byte[] buffer, int count) {
        for (int done = 0; done < count; ) {
            OptionalInt written = FileIo.tryWrite(fifo, buffer, done, count - done);
            if (written.isEmpty() && !await(fifo, Poll.OUT)) {
                return;
            }
            done += written.orElse(0);
        }
    }

    /** Waits for a descriptor; false when this is to end. */
    private boolean await(Fd fd, int events) {
        int[] happened = new int[] {0};
        while (!stop && happened[0] == 0) {
            happened = Poll.await(List.of(new Interest(fd, events), new Interest(ending.fd(), Poll.IN)), FOREVER);
        }
        return !stop;
    }
}
