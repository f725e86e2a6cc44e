package dev.wharf.cmd.wharfd.boot;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.UnixDatagram;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the service manager how the daemon is. Source: sd_notify(3). */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    private final @Nullable String socket;

    /**
     * A service manager.
     *
     * @param socket the value of NOTIFY_SOCKET: a path, or an abstract name after {@code @}; null where there is none
     */
    public ServiceManager(@Nullable String socket) {
        this.socket = socket;
    }

    /** Says that requests are answered from now on. */
    public void ready() {
        send("READY=1");
    }

    /** Says that the daemon is about to end. */
    public void stopping() {
        send("STOPPING=1");
    }

    private void send(String message) {
        if (socket == null || socket.isEmpty()) {
            return;
        }
        try {
            UnixDatagram.send(socket, message.getBytes(StandardCharsets.US_ASCII));
            LOG.debug("told the service manager message={}", message);
        } catch (ErrnoException e) {
            LOG.warn("cannot tell the service manager message={}", message, e);
        }
    }
}
