package dev.wharf.lib.tar;

import dev.wharf.lib.linux.FileNames;
import dev.wharf.lib.tar.TarBlock.Field;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of an archive in order. Not thread-safe.
 *
 * <p>What is no well-formed archive, or goes beyond the bounds, ends in a {@link TarException}. Global extended headers are skipped, as containerd does. A stream that ends at the border of an entry ends the
 * archive even without the two zero blocks.
 */
public final class TarReader {
    private final InputStream in;
    private final TarBounds bounds;
    private final Content content = new Content();
    private String last = "the beginning";
    private long entries;
    private long padding;

    /** Reads from {@code in}, which should be buffered and is left open. */
    public TarReader(InputStream in, TarBounds bounds) {
        this.in = in;
        this.bounds = bounds;
    }

    /** What precedes a header and belongs to the entry it begins. */
    private static final class Extensions {
        private PaxRecords pax = PaxRecords.NONE;
        private @Nullable String longName;
        private @Nullable String longLink;
        private boolean any;
    }

    /** Skips what is left of the entry before and answers the next one, or null at the end of the archive. */
    public @Nullable TarEntry next() throws IOException {
        content.drain();
        skipPadding();
        Extensions extensions = new Extensions();
        while (true) {
            TarBlock block = nextHeader(extensions);
            if (block == null) {
                return null;
            }
            if (!extend(extensions, block)) {
                return entry(block, extensions);
            }
        }
    }

    /** The bytes of the segments of the entry last answered, one after the other. */
    public InputStream content() {
        return content;
    }

    private @Nullable TarBlock nextHeader(Extensions extensions) throws IOException {
        byte[] bytes = in.readNBytes(TarBlock.SIZE);
        if (bytes.length > 0 && bytes.length < TarBlock.SIZE) {
            throw TarFailures.malformed("after " + last, "archive ends within a header");
        }
        TarBlock block = new TarBlock(bytes);
        if (!block.isZero()) {
            block.verifyChecksum(last);
            return block;
        }
        if (extensions.any) {
            throw TarFailures.malformed("after " + last, "extended header without an entry");
        }
        byte[] second = bytes.length == 0 ? bytes : in.readNBytes(TarBlock.SIZE);
        if (!new TarBlock(second).isZero()) {
            throw TarFailures.malformed("after " + last, "header of zeros in front of more entries");
        }
        return null;
    }

    /** Takes up a header that belongs to the next entry; false when it is an entry itself. */
    private boolean extend(Extensions extensions, TarBlock block) throws IOException {
        switch (block.type()) {
            case 'x' -> extensions.pax = PaxRecords.parse(extension(block), block.name());
            case 'L' -> extensions.longName = terminated(extension(block));
            case 'K' -> extensions.longLink = terminated(extension(block));
            case 'g' -> {
                extension(block);
                return true;
            }
            default -> {
                return false;
            }
        }
        extensions.any = true;
        return true;
    }

    private byte[] extension(TarBlock block) throws IOException {
        String name = block.name();
        long size = block.number(Field.BYTES, name);
        if (size < 0 || size > bounds.headerBytes()) {
            throw TarFailures.tooMuch(name, "size of the extended header", size, bounds.headerBytes());
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw TarFailures.malformed(name, "archive ends within its extended header");
        }
        padding = paddingOf(size);
        skipPadding();
        return bytes;
    }

    private static String terminated(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return FileNames.decode(Arrays.copyOf(bytes, end));
    }

    private TarEntry entry(TarBlock block, Extensions extensions) throws IOException {
        EntryFields fields = new EntryFields(block, extensions.pax, extensions.longName, extensions.longLink, bounds);
        String name = fields.name();
        if (++entries > bounds.entries()) {
            throw TarFailures.tooMuch(name, "number of entries", entries, bounds.entries());
        }
        last = name;
        long stored = fields.storedSize();
        padding = paddingOf(stored);
        content.begin(name, stored);
        return fields.entry(this::contentBlock, () -> content.left, this::metadataBlock);
    }

    /** A block of the sparse map in front of the content, which the stored size does not count. */
    private byte[] metadataBlock() throws IOException {
        return block(in, last);
    }

    /** A block of the sparse map within the content. */
    private byte[] contentBlock() throws IOException {
        return block(content, last);
    }

    private static byte[] block(InputStream source, String name) throws IOException {
        byte[] block = source.readNBytes(TarBlock.SIZE);
        if (block.length < TarBlock.SIZE) {
            throw TarFailures.malformed(name, "archive ends within the map of a sparse file");
        }
        return block;
    }

    private static long paddingOf(long size) {
        return -size & (TarBlock.SIZE - 1);
    }

    private void skipPadding() throws IOException {
        if (padding > 0 && in.readNBytes((int) padding).length < padding) {
            throw TarFailures.malformed(last, "archive ends within the padding");
        }
        padding = 0;
    }

    /** The stored bytes of the current entry. */
    private final class Content extends InputStream {
        private String name = "";
        private long left;

        void begin(String entry, long stored) {
            name = entry;
            left = stored;
        }

        void drain() throws IOException {
            if (left == 0) {
                return;
            }
            byte[] buffer = new byte[TarBlock.SIZE * 16];
            while (left > 0) {
                read(buffer, 0, buffer.length);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw TarFailures.malformed(name, "archive ends within its content, " + left + " bytes are missing");
            }
            left -= count;
            return count;
        }
    }
}
