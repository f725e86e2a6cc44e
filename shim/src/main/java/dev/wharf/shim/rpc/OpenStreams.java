package dev.wharf.shim.rpc;

import dev.wharf.shim.ShimException;
import dev.wharf.streams.StreamCall;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The streams clients have open, by namespace and name. Those that name no namespace are for calls in any: Go's ttRPC
 * client sends no headers with streams.
 */
final class OpenStreams {
    private static final int MOST = 1024;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Map<Key, StreamCall> streams = new HashMap<>();

    private record Key(String namespace, String name) {}

    /** Where streams of a namespace become known. */
    StreamCall.Directory in(String namespace) {
        return new StreamCall.Directory() {
            @Override
            public StreamCall.Registration register(String name, StreamCall stream) {
                return add(new Key(namespace, name), stream);
            }

            @Override
            public StatusRuntimeException status(RuntimeException failure) {
                return Statuses.of(failure, "Stream").asRuntimeException();
            }
        };
    }

    private StreamCall.Registration add(Key key, StreamCall stream) {
        if (key.name.isEmpty()) {
            throw ShimException.invalidArgument("a stream needs an id");
        }
        lock.lock();
        try {
            if (streams.containsKey(key)) {
                throw ShimException.alreadyExists("stream " + key.name);
            }
            if (streams.size() >= MOST) {
                throw new ShimException(
                        ShimException.Code.RESOURCE_EXHAUSTED,
                        "there are " + MOST + " open streams, no more are taken");
            }
            streams.put(key, stream);
        } finally {
            lock.unlock();
        }
        return () -> remove(key, stream);
    }

    private void remove(Key key, StreamCall stream) {
        lock.lock();
        try {
            streams.remove(key, stream);
        } finally {
            lock.unlock();
        }
    }

    /** The stream of that name, which is in use from now on; NOT_FOUND. */
    StreamCall claim(String namespace, String name) {
        StreamCall own = find(new Key(namespace, name));
        StreamCall stream = own == null ? find(new Key("", name)) : own;
        if (stream == null) {
            throw ShimException.notFound("stream " + name);
        }
        stream.claim();
        return stream;
    }

    private @Nullable StreamCall find(Key key) {
        lock.lock();
        try {
            return streams.get(key);
        } finally {
            lock.unlock();
        }
    }
}
