package dev.wharf.lib.tar;

import dev.wharf.lib.linux.FileNames;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Writes entries one after the other: ustar headers, with a PAX header before them for what ustar does not hold: names
 * that are long or not ASCII, large numbers, parts of seconds, extended attributes. Not thread-safe.
 *
 * <p>Sources: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Extended Header".
 */
public final class TarWriter {
    private static final byte[] ZEROS = new byte[TarBlock.SIZE * 2];
    private static final String PAX_NAME = "PaxHeaders/";

    private final OutputStream out;
    private long left;
    private long padding;

    /** Writes to {@code out}, which should be buffered and is left open. */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Begins an entry. Of a regular file {@link TarEntry#size()} bytes of content are to follow, holes included; of
     * anything else none.
     */
    public void entry(TarEntry entry) throws IOException {
        complete();
        long size = entry.type().hasContent() ? entry.size() : 0;
        TarHeader header = new TarHeader(entry.type().flag())
                .name(FileNames.encode(entry.name()))
                .link(FileNames.encode(entry.linkName()))
                .mode(entry.mode())
                .owner(Integer.toUnsignedLong(entry.uid()), Integer.toUnsignedLong(entry.gid()))
                .size(size)
                .modified(entry.modified())
                .device(entry.deviceMajor(), entry.deviceMinor());
        entry.xattrs().forEach(header::attribute);
        byte[] extension = header.extension();
        if (extension.length > 0) {
            out.write(extensionHeader(entry.name(), extension.length).block());
            out.write(extension);
            pad(extension.length);
        }
        out.write(header.block());
        left = size;
        padding = size;
    }

    private static TarHeader extensionHeader(String name, int size) {
        String base = name.substring(name.lastIndexOf('/', name.length() - 2) + 1);
        return new TarHeader('x')
                .name(FileNames.encode(PAX_NAME + base))
                .mode(0644)
                .size(size)
                .modified(Instant.EPOCH);
    }

    /** Writes some of the content of the entry begun last. */
    public void content(byte[] bytes, int offset, int length) throws IOException {
        if (length > left) {
            throw new IllegalArgumentException("content is longer than its entry by " + (length - left));
        }
        out.write(bytes, offset, length);
        left -= length;
    }

    /** Ends the archive. */
    public void finish() throws IOException {
        complete();
        out.write(ZEROS);
    }

    private void complete() throws IOException {
        if (left > 0) {
            throw new IllegalStateException(left + " bytes of content are missing");
        }
        pad(padding);
        padding = 0;
    }

    private void pad(long size) throws IOException {
        out.write(ZEROS, 0, (int) (-size & (TarBlock.SIZE - 1)));
    }
}
