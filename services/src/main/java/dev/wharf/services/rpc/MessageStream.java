package dev.wharf.services.rpc;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a streaming method, written by one thread that waits for the reader: at most what the transport takes
 * (and one message) is ever held for a client that does not read.
 *
 * @param <T> the message
 */
public final class MessageStream<T> {
    private final ServerCallStreamObserver<T> observer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by lock. */
    private boolean cancelled;

    /** Guarded by lock. */
    private @Nullable Runnable atCancel;

    /** Must be made in the thread that calls the service method, before it returns. */
    MessageStream(ServerCallStreamObserver<T> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(this::cancel);
    }

    /** Sends a message once the reader can take it; {@code CANCELLED} when the client has gone. */
    public void send(T message) {
        awaitReader();
        observer.onNext(message);
    }

    /** Does {@code action} when the client goes, or now if it has gone; only one action is kept, the last. */
    public void onCancel(Runnable action) {
        lock.lock();
        try {
            if (!cancelled) {
                atCancel = action;
                return;
            }
        } finally {
            lock.unlock();
        }
        action.run();
    }

    /** Whether the client has gone, or its deadline has passed. */
    boolean isCancelled() {
        lock.lock();
        try {
            return cancelled || observer.isCancelled();
        } finally {
            lock.unlock();
        }
    }

    void complete() {
        observer.onCompleted();
    }

    void fail(Throwable status) {
        observer.onError(status);
    }

    private void awaitReader() {
        lock.lock();
        try {
            while (!cancelled && !observer.isCancelled() && !observer.isReady()) {
                changed.await();
            }
            if (cancelled || observer.isCancelled()) {
                throw gone();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gone();
        } finally {
            lock.unlock();
        }
    }

    private static WharfException gone() {
        return ErrorKind.CANCELLED.of("send to client");
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cancel() {
        Runnable action;
        lock.lock();
        try {
            cancelled = true;
            action = atCancel;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (action != null) {
            action.run();
        }
    }
}
