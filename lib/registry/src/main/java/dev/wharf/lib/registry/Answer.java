package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.time.Duration;

/**
 * The answer to a request, its body open and guarded; it must be read or discarded.
 *
 * @param status of HTTP
 * @param headers of HTTP
 * @param body what follows
 * @param smallDeadline for a body that is a small document
 */
record Answer(int status, Headers headers, GuardedBody body, Duration smallDeadline) {
    private static final int DISCARDED = 8 << 10;
    private static final Duration DISCARD_DEADLINE = Duration.ofSeconds(5);

    /** The value of a header, empty when it is missing. */
    String header(String name) {
        return headers.first(name).orElse("");
    }

    /** Reads away a little, so that the connection can be used again, and closes. */
    void discard() {
        start(DISCARDED);
    }

    /** The first bytes of a body nobody needs, such as that of an error; as many as there are without failing. */
    byte[] start(int limit) {
        try (body) {
            return body.within(DISCARD_DEADLINE).readNBytes(limit);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** The whole body within a bound and the deadline; TOO_LARGE, TIMEOUT or UNAVAILABLE when it does not come so. */
    byte[] document(int limit, String what) {
        try (body) {
            byte[] bytes = body.within(smallDeadline).readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new RegistryException(Kind.TOO_LARGE, what + ": answer is larger than " + limit + " bytes");
            }
            return bytes;
        } catch (TimedOut e) {
            throw new RegistryException(Kind.TIMEOUT, what + ": " + e.getMessage() + "; try again later", e);
        } catch (IOException e) {
            throw new RegistryException(Kind.UNAVAILABLE, what + ": answer broke off: " + e.getMessage(), e);
        }
    }
}
