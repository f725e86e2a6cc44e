package dev.wharf.plugins.diff.walking;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;

/** A blob from its first to its last byte. Failures of the disk come as {@code WharfException}. */
final class BlobStream extends InputStream {
    private final ContentReader reader;
    private final Digest digest;
    private long position;

    BlobStream(ContentReader reader, Digest digest) {
        this.reader = reader;
        this.digest = digest;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (position >= reader.size()) {
            return -1;
        }
        int count;
        try {
            count = reader.read(ByteBuffer.wrap(target, offset, length), position);
        } catch (ClosedByInterruptException e) {
            throw ErrorKind.CANCELLED.of("read blob " + digest, e);
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("read blob " + digest + " at " + position, e);
        }
        if (count < 0) {
            throw ErrorKind.DATA_LOSS.of("blob " + digest + " ends at " + position + " of " + reader.size() + " bytes");
        }
        position += count;
        return count;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, reader.size() - position);
    }
}
