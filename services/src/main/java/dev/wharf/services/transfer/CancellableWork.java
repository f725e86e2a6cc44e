package dev.wharf.services.transfer;

import io.grpc.Context;
import java.util.concurrent.locks.ReentrantLock;

/** Work that is interrupted when its call is cancelled: by the client, its going, or its deadline. */
final class CancellableWork {
    private final Thread thread = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock, so that no interrupt comes after the work. */
    private boolean done;

    private CancellableWork() {}

    /** Does the work on this thread. */
    static void run(Runnable work) {
        CancellableWork cancellable = new CancellableWork();
        Context.CancellationListener listener = context -> cancellable.interrupt();
        Context context = Context.current();
        context.addListener(listener, Runnable::run);
        try {
            work.run();
        } finally {
            context.removeListener(listener);
            cancellable.end();
        }
    }

    private void interrupt() {
        lock.lock();
        try {
            if (!done) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            done = true;
        } finally {
            lock.unlock();
        }
        // The thread goes on to other work.
        boolean wasInterrupted = Thread.interrupted();
        assert wasInterrupted || !thread.isInterrupted();
    }
}
