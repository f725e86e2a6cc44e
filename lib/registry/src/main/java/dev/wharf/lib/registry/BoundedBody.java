package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;

/** Bodies read whole, within a bound. */
final class BoundedBody {
    private BoundedBody() {}

    /** All bytes; TOO_LARGE when there are more than {@code limit}. */
    static byte[] read(InputStream body, int limit, String what) throws IOException {
        try (body) {
            byte[] bytes = body.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new RegistryException(Kind.TOO_LARGE, what + ": answer is larger than " + limit + " bytes");
            }
            return bytes;
        }
    }

    /** The first bytes of a body nobody wants, such as that of an error; as many as there are without failing. */
    static byte[] start(InputStream body, int limit) {
        try (body) {
            return body.readNBytes(limit);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
