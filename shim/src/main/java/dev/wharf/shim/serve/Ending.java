package dev.wharf.shim.serve;

import dev.wharf.shim.group.GroupLock;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the process ends: some time after a Shutdown that found nothing to serve, if nothing has come since, or
 * at once on a signal. Staying for a while spares the next container the start of a JVM.
 */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    /** How long a daemon may take to connect to an address that a start has just answered with. */
    private static final Duration ARRIVAL = Duration.ofSeconds(2);

    private final GroupLock lock;
    private final Duration linger;
    private final BooleanSupplier idle;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Semaphore hurry = new Semaphore(0);
    private final AtomicBoolean pending = new AtomicBoolean();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean bySignal;

    /** @param idle whether nothing is left to serve and nothing is being made */
    Ending(GroupLock lock, Duration linger, BooleanSupplier idle) {
        this.lock = lock;
        this.linger = linger;
        this.idle = idle;
    }

    /** Asks to end once nothing is left to serve; does nothing while something is. Returns at once. */
    void request(boolean now) {
        requests.incrementAndGet();
        if (!idle.getAsBoolean()) {
            return;
        }
        if (now) {
            hurry.release();
        }
        if (pending.compareAndSet(false, true)) {
            Thread.ofVirtual().name("ending").start(this::end);
        }
    }

    /** Asks to end, whatever is left. */
    void signal() {
        bySignal = true;
        ended.countDown();
    }

    /** Waits until the process is to end; tells whether by a signal. */
    boolean await() throws InterruptedException {
        ended.await();
        return bySignal;
    }

    private void end() {
        int seen = requests.get();
        try {
            if (hurry.tryAcquire(linger.toNanos(), TimeUnit.NANOSECONDS)) {
                hurry.drainPermits();
            }
            while (idle.getAsBoolean()) {
                if (lock.retire()) {
                    ended.countDown();
                    return;
                }
                Thread.sleep(ARRIVAL);
            }
        } catch (IOException e) {
            LOG.error("cannot prepare to end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pending.set(false);
        }
        if (requests.get() != seen) {
            request(false);
        }
    }
}
