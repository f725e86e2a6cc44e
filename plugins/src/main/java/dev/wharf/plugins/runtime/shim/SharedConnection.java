package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.ttrpc.TtrpcChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A connection to a shim of many containers, used for all of them: each of their clients leaves it without ending it for
 * the others. Safe for any number of threads.
 */
final class SharedConnection implements AutoCloseable {
    private final TtrpcChannel channel;
    private final Set<Runnable> hooks = ConcurrentHashMap.newKeySet();

    /** Takes over a connection. */
    SharedConnection(TtrpcChannel channel) {
        this.channel = channel;
        channel.onClose(this::ended);
    }

    TtrpcChannel channel() {
        return channel;
    }

    /** Adds what runs once, on a thread of its own, when the connection has ended; at once where it has. */
    void onClose(Runnable hook) {
        hooks.add(hook);
        if (channel.isClosed()) {
            ended();
        }
    }

    /** The hook is not to run any more. */
    void forget(Runnable hook) {
        hooks.remove(hook);
    }

    private void ended() {
        for (Runnable hook : hooks) {
            if (hooks.remove(hook)) {
                Thread.ofVirtual().name("shim-connection-ended").start(hook);
            }
        }
    }

    /** Ends it for all. */
    @Override
    public void close() {
        channel.close();
    }
}
