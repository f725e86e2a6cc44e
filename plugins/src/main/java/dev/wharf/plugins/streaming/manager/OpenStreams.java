package dev.wharf.plugins.streaming.manager;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A map of streams. */
public final class OpenStreams implements StreamManager {
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    private final Map<Key, Stream> streams = new HashMap<>();

    private record Key(String namespace, String name) {}

    /** Knows at most {@code most} streams at a time. */
    public OpenStreams(int most) {
        this.most = most;
    }

    @Override
    public Registration register(Context ctx, String name, Stream stream) {
        if (name.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("a stream needs an id");
        }
        Key key = new Key(ctx.namespace(), name);
        lock.lock();
        try {
            if (streams.containsKey(key)) {
                throw ErrorKind.ALREADY_EXISTS.of("stream \"" + name + "\"");
            }
            if (streams.size() >= most) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("there are " + most + " open streams, no more are taken");
            }
            streams.put(key, stream);
        } finally {
            lock.unlock();
        }
        return () -> remove(key, stream);
    }

    @Override
    public Stream get(Context ctx, String name) {
        Stream stream = find(new Key(ctx.namespace(), name));
        if (stream == null) {
            throw ErrorKind.NOT_FOUND.of("stream \"" + name + "\"");
        }
        stream.claim();
        return stream;
    }

    private @Nullable Stream find(Key key) {
        lock.lock();
        try {
            return streams.get(key);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Key key, Stream stream) {
        lock.lock();
        try {
            streams.remove(key, stream);
        } finally {
            lock.unlock();
        }
    }
}
