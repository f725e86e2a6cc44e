package dev.wharf.lib.registry;

import java.io.IOException;

/** A connection stood, or was to, and nothing came in time. */
final class TimedOut extends IOException {
    private static final long serialVersionUID = 1L;

    TimedOut(String message) {
        super(message);
    }

    TimedOut(String message, IOException cause) {
        super(message, cause);
    }
}
