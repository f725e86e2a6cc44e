package dev.wharf.plugins.diff.walking.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * Decompresses gzip members one after the other up to the end of the input.
 *
 * <p>The JDK's GZIPInputStream takes whatever follows a member and is no header for the end, so that garbage and a
 * member with a broken header go unnoticed; here they are a {@link ZipException}. One thread reads. Source: RFC 1952.
 */
public final class GzipStream extends InputStream {
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream source;
    private final BitInput in;
    private final Inflate inflate;
    private final CRC32 checksum = new CRC32();
    private long size;
    private boolean inMember;
    private boolean any;

    /** Decompresses a stream, which it closes with itself. */
    public GzipStream(InputStream source) {
        this.source = source;
        this.in = new BitInput(source);
        this.inflate = new Inflate(in);
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
            int count = inflate.read(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                size += count;
                return count;
            }
            end();
        }
        return 0;
    }

    /** Reads the header of a member; false when the input ends in front of it. */
    private boolean begin() throws IOException {
        if (!in.await(1)) {
            if (!any) {
                throw new EOFException("gzip: no data");
            }
            return false;
        }
        if (in.nextByte() != 0x1f || in.nextByte() != 0x8b || in.nextByte() != 8) {
            throw new ZipException(any ? "gzip: garbage behind the compressed data" : "gzip: invalid header");
        }
        skipRestOfHeader();
        inflate.begin();
        checksum.reset();
        size = 0;
        inMember = true;
        any = true;
        return true;
    }

    private void skipRestOfHeader() throws IOException {
        int flags = in.nextByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("gzip: invalid header");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(in.nextByte() | in.nextByte() << 8);
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
            in.nextByte();
        }
    }

    private void skipString() throws IOException {
        int c;
        do {
            c = in.nextByte();
        } while (c != 0);
    }

    /** Checks the trailer of a member. */
    private void end() throws IOException {
        long expectedChecksum = littleEndian();
        long expectedSize = littleEndian();
        if (expectedChecksum != checksum.getValue() || expectedSize != (size & 0xFFFF_FFFFL)) {
            throw new ZipException("gzip: checksum or size does not match");
        }
        inMember = false;
    }

    private long littleEndian() throws IOException {
        return in.nextByte() | in.nextByte() << 8 | in.nextByte() << 16 | (long) in.nextByte() << 24;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
