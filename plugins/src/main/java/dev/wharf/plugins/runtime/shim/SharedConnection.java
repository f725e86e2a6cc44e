package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.ttrpc.TtrpcChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A connection to a shim of many containers, used for all of them: each of their clients leaves it without ending it for
 * the others. Safe for any number of threads.
 */
final class SharedConnection implements AutoCloseable {
    private final TtrpcChannel channel;

    /** What runs at the end, by the client that wants it. */
    private final Map<TaskClient, Runnable> hooks = new ConcurrentHashMap<>();

    /** Takes over a connection. */
    SharedConnection(TtrpcChannel channel) {
        this.channel = channel;
        channel.onClose(this::ended);
    }

    TtrpcChannel channel() {
        return channel;
    }

    /** What runs once for a client, on a thread of its own, when the connection has ended; at once where it has. */
    void onClose(TaskClient client, Runnable hook) {
        hooks.put(client, hook);
        if (channel.isClosed()) {
            ended();
        }
    }

    /** Nothing is to run any more for a client. */
    void forget(TaskClient client) {
        hooks.remove(client);
    }

    private void ended() {
        for (TaskClient client : hooks.keySet()) {
            Runnable hook = hooks.remove(client);
            if (hook != null) {
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
