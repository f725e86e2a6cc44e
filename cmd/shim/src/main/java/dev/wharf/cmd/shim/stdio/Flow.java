package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.lib.linux.Epoll;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.KernelCopy;
import dev.wharf.lib.linux.Poll;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes going from one descriptor to another whenever the one has some and the other has room, on the thread of an event
 * loop. Both are non-blocking.
 *
 * <p>Bytes move inside the kernel, so that none is lost when this process is killed; where the kernel cannot, through a
 * small buffer here, which holds what the target has no room for.
 */
final class Flow {
    /** Bytes moved, and turns made, before others get their turn. */
    private static final int CHUNK = 1 << 16;

    private static final int TURNS = 16;

    private final EventLoop loop;
    private final Fd source;
    private final Fd target;
    private final Consumer<End> listener;
    private EventLoop.@Nullable Registration waiting;
    private boolean splice = true;
    private byte @Nullable [] buffer;
    private int start;
    private int end;
    private boolean over;

    /** Why a flow tells its listener something. */
    enum End {
        /** All there was has been moved; more may come. */
        IDLE,
        /** The source has ended. */
        SOURCE,
        /** The target takes no more. */
        TARGET
    }

    /** The listener is called on the loop's thread; after SOURCE and TARGET nothing more is moved. */
    Flow(EventLoop loop, Fd source, Fd target, Consumer<End> listener) {
        this.loop = loop;
        this.source = source;
        this.target = target;
        this.listener = listener;
    }

    /** Moves what there is and waits for more. On the loop's thread, as are all methods. */
    void run() {
        stopWaiting();
        for (int turn = 0; turn < TURNS && !over; turn++) {
            if (!move()) {
                return;
            }
        }
        if (!over) {
            loop.execute(this::run);
        }
    }

    /** Moves nothing any more. */
    void stop() {
        over = true;
        stopWaiting();
    }

    boolean isOver() {
        return over;
    }

    /** One step; false when it has to wait, or is over. */
    private boolean move() {
        try {
            return splice ? splice() : copy();
        } catch (ErrnoException e) {
            if (splice && (e.is(Errno.EINVAL) || e.is(Errno.ENOSYS))) {
                splice = false;
                return true;
            }
            finish(e.is(Errno.EPIPE) ? End.TARGET : End.SOURCE);
            return false;
        }
    }

    private boolean splice() {
        OptionalLong moved = KernelCopy.trySplice(source, target, CHUNK);
        if (moved.isEmpty()) {
            await();
            return false;
        }
        if (moved.getAsLong() == 0) {
            finish(End.SOURCE);
            return false;
        }
        return true;
    }

    private boolean copy() {
        if (start < end) {
            return write();
        }
        byte[] chunk = buffer == null ? new byte[CHUNK] : buffer;
        buffer = chunk;
        OptionalInt count = FileIo.tryRead(source, chunk, 0, CHUNK);
        if (count.isEmpty()) {
            await();
            return false;
        }
        start = 0;
        end = count.getAsInt();
        if (end == 0) {
            finish(End.SOURCE);
        }
        return end > 0;
    }

    private boolean write() {
        if (buffer == null) {
            return false;
        }
        OptionalInt count = FileIo.tryWrite(target, buffer, start, end - start);
        start += count.orElse(0);
        if (count.isEmpty()) {
            await(target, Epoll.OUT);
            return false;
        }
        return true;
    }

    /** Waits for whichever side is not ready. */
    private void await() {
        if (start < end || (Poll.await(target, Poll.OUT, Duration.ZERO) & (Poll.OUT | Poll.ERR)) == 0) {
            await(target, Epoll.OUT);
            return;
        }
        listener.accept(End.IDLE);
        if (!over) {
            await(source, Epoll.IN);
        }
    }

    private void await(Fd fd, int events) {
        waiting = loop.add(fd, events, ready -> run());
    }

    private void finish(End why) {
        stop();
        listener.accept(why);
    }

    private void stopWaiting() {
        EventLoop.Registration current = waiting;
        waiting = null;
        if (current != null) {
            current.close();
        }
    }
}
