package dev.wharf.plugins.diff.walking;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Counts and digests what passes through it, up to a bound, and stops when the request does. */
final class MeasuredStream extends InputStream {
    private final InputStream in;
    private final long bound;
    private final Runnable check;
    private final MessageDigest digest = Digest.newMessageDigest("sha256");
    private long count;

    /**
     * Measures a stream.
     *
     * @param bound the most bytes that may come; {@code RESOURCE_EXHAUSTED} beyond
     * @param check throws when the request has ended
     */
    MeasuredStream(InputStream in, long bound, Runnable check) {
        this.in = in;
        this.bound = bound;
        this.check = check;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        check.run();
        int read = in.read(target, offset, length);
        if (read > 0) {
            count += read;
            digest.update(target, offset, read);
        }
        if (count > bound) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("uncompressed layer is larger than the bound of " + bound + " bytes");
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The descriptor of all that has passed. */
    Descriptor descriptor() {
        return new Descriptor(MediaTypes.OCI_LAYER, Digest.of("sha256", digest.digest()), count);
    }
}
