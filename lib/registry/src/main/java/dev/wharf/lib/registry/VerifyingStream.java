package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * A whole blob that is checked while it is read: its end comes only after as many bytes as it should have, and when they
 * have the right digest; otherwise the last read throws an {@code IOException} with a {@link RegistryException} of kind
 * MISMATCH. Nothing read before the end may be believed. One thread reads.
 */
public final class VerifyingStream extends FilterInputStream {
    private final BlobStream blob;
    private final MessageDigest digest;
    private final Consumer<BlobStream> onMismatch;
    private long count;
    private boolean verified;

    VerifyingStream(BlobStream blob, Consumer<BlobStream> onMismatch) {
        super(blob);
        this.blob = blob;
        this.digest = RemoteDigest.algorithm(blob.request().digest());
        this.onMismatch = onMismatch;
    }

    /** The blob underneath, which tells where the bytes came from. */
    public BlobStream blob() {
        return blob;
    }

    /** Whether the end was reached and all was right. */
    public boolean isVerified() {
        return verified;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
            count += read;
            long size = blob.request().size();
            if (size >= 0 && count > size) {
                throw mismatch("has more than its " + size + " bytes");
            }
        } else if (read < 0 && !verified) {
            verify();
        }
        return read;
    }

    private void verify() throws IOException {
        String expected = blob.request().digest();
        String name = expected.substring(0, expected.indexOf(':') + 1);
        String actual = name + HexFormat.of().formatHex(digest.digest());
        if (!actual.equals(expected)) {
            throw mismatch("has the digest " + actual + " after " + count + " bytes");
        }
        verified = true;
    }

    private IOException mismatch(String how) {
        onMismatch.accept(blob);
        String message = "blob " + blob.request().digest() + " from " + blob.servedBy() + " " + how
                + "; a registry or mirror serves wrong bytes";
        RegistryException cause = new RegistryException(Kind.MISMATCH, message);
        return new IOException(message, cause);
    }

    @Override
    public long skip(long bytes) throws IOException {
        return readNBytes((int) Math.min(bytes, 8 << 10)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
