package dev.wharf.client.remote;

import dev.wharf.api.services.events.v1.EventsGrpc;
import dev.wharf.api.services.events.v1.SubscribeRequest;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.EventBus;
import dev.wharf.wire.EventCodec;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to the events of a daemon. It asks the daemon for no more events than its queue can hold; a daemon
 * whose own queue is full then ends the subscription.
 */
public final class RemoteSubscription
        implements EventBus.Subscription, ClientResponseObserver<SubscribeRequest, dev.wharf.api.types.Envelope> {
    private static final int QUEUE = 256;

    private final BlockingQueue<dev.wharf.api.types.Envelope> queue = new ArrayBlockingQueue<>(QUEUE);
    private @Nullable ClientCallStreamObserver<SubscribeRequest> call;
    private volatile @Nullable WharfException ended;

    private RemoteSubscription() {}

    /** Subscribes to the events of all namespaces that match one of the filters. */
    public static RemoteSubscription open(Channel channel, List<String> filters) {
        RemoteSubscription subscription = new RemoteSubscription();
        var request = SubscribeRequest.newBuilder().addAllFilters(filters).build();
        EventsGrpc.newStub(channel).subscribe(request, subscription);
        return subscription;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> started) {
        call = started;
        started.disableAutoRequestWithInitial(QUEUE);
    }

    @Override
    public void onNext(dev.wharf.api.types.Envelope event) {
        if (!queue.offer(event)) {
            onError(ErrorKind.RESOURCE_EXHAUSTED.of("daemon sent more events than were asked for"));
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended = Calls.failure(failure);
    }

    @Override
    public void onCompleted() {
        ended = ErrorKind.CANCELLED.of("the daemon ended the subscription");
    }

    @Override
    public @Nullable Envelope next(Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        while (true) {
            WharfException end = ended;
            long left = Math.max(0, Math.min(until - System.nanoTime(), POLL_NANOS));
            dev.wharf.api.types.Envelope event = end == null ? queue.poll(left, TimeUnit.NANOSECONDS) : queue.poll();
            if (event != null) {
                call().request(1);
                return EventCodec.decode(event);
            }
            if (end != null) {
                throw end;
            }
            if (System.nanoTime() >= until) {
                return null;
            }
        }
    }

    /** How often a waiting reader looks whether the subscription has ended meanwhile. */
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Override
    public void close() {
        ended = ErrorKind.CANCELLED.of("the subscription is closed");
        call().cancel("closed", null);
    }

    private ClientCallStreamObserver<SubscribeRequest> call() {
        if (call == null) {
            throw new IllegalStateException("the stub did not start the call");
        }
        return call;
    }
}
