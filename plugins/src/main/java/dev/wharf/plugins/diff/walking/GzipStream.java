package dev.wharf.plugins.diff.walking;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip members one after the other up to the end of the input.
 *
 * <p>The JDK's GZIPInputStream takes whatever follows a member and is no header for the end, so that garbage and a
 * member with a broken header go unnoticed; here they are a {@link ZipException}. Source: RFC 1952.
 */
final class GzipStream extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] buffer = new byte[BUFFER];
    private final CRC32 checksum = new CRC32();
    private int limit;
    private int at;
    private boolean inMember;
    private boolean any;

    GzipStream(InputStream in) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, BUFFER);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (length > 0) {
            if (!inMember && !begin()) {
                return -1;
            }
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                end();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("gzip: member asks for a dictionary");
            } else {
                refill();
            }
        }
        return 0;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException("gzip: " + e.getMessage());
        }
    }

    private void refill() throws IOException {
        if (!fill()) {
            throw new EOFException("gzip: unexpected end of the compressed data");
        }
        inflater.setInput(buffer, 0, limit);
        at = limit;
    }

    private boolean fill() throws IOException {
        limit = Math.max(in.read(buffer, 0, BUFFER), 0);
        at = 0;
        return limit > 0;
    }

    /** Reads the header of a member; false when the input ends in front of it. */
    private boolean begin() throws IOException {
        if (at == limit && !fill()) {
            if (!any) {
                throw new EOFException("gzip: no data");
            }
            return false;
        }
        if (next() != 0x1f || next() != 0x8b || next() != 8) {
            throw new ZipException(any ? "gzip: garbage behind the compressed data" : "gzip: invalid header");
        }
        skipRestOfHeader();
        inflater.reset();
        checksum.reset();
        inflater.setInput(buffer, at, limit - at);
        at = limit;
        inMember = true;
        any = true;
        return true;
    }

    private void skipRestOfHeader() throws IOException {
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("gzip: invalid header");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipString();
        }
        if ((flags & COMMENT) != 0) {
            skipString();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipString() throws IOException {
        int c;
        do {
            c = next();
        } while (c != 0);
    }

    private int next() throws IOException {
        if (at == limit && !fill()) {
            throw new EOFException("gzip: unexpected end of the compressed data");
        }
        return buffer[at++] & 0xFF;
    }

    /** Checks the trailer of a member. */
    private void end() throws IOException {
        at = limit - inflater.getRemaining();
        long expectedChecksum = littleEndian();
        long expectedSize = littleEndian();
        if (expectedChecksum != checksum.getValue() || expectedSize != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new ZipException("gzip: checksum or size does not match");
        }
        inMember = false;
    }

    private long littleEndian() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
