package dev.wharf.lib.ttrpc;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bytes of one frame that count against {@link FrameMemory} until the last of those who hold them lets go. */
final class Held {
    /** Of a frame that is not counted. */
    static final Held NONE = new Held(null, 0);

    private final @Nullable Semaphore free;
    private final int bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Held by who made it; the bytes have been taken from {@code free}. */
    Held(@Nullable Semaphore free, int bytes) {
        this.free = free;
        this.bytes = bytes;
    }

    /** One more holds them; called by one who does. */
    Held hold() {
        if (free != null) {
            holders.incrementAndGet();
        }
        return this;
    }

    /** One fewer holds them; to be called once by each. */
    void letGo() {
        if (free != null && holders.decrementAndGet() == 0) {
            free.release(bytes);
        }
    }
}
