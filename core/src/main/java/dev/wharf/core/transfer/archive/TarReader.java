package dev.wharf.core.transfer.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive from a stream: ustar with pax and GNU extensions for long names and sizes (pax(1), tar(5)).
 *
 * <p>For archives of images, which hold regular files, links and directories; names are text, not paths of this
 * machine, and nothing is written by them. Extended headers are bounded.
 */
public final class TarReader {
    private static final int BLOCK = 512;
    private static final int MAX_EXTENDED = 1 << 20;

    private final InputStream in;
    private long left;
    private int padding;

    /** Reads an archive, which is not compressed. */
    public TarReader(InputStream in) {
        this.in = in;
    }

    /**
     * One entry.
     *
     * @param name its name without leading {@code ./} and trailing slash
     * @param link what a link points at, or empty
     * @param size bytes of data
     * @param type the letter of the header
     */
    public record Entry(String name, String link, long size, char type) {
        /** Whether it is a regular file. */
        public boolean isFile() {
            return type == '0' || type == '\0' || type == '7';
        }

        /** Whether it is a hard or symbolic link. */
        public boolean isLink() {
            return type == '2' || type == '1';
        }
    }

    /** The next entry, skipping what is left of the one before; null at the end. */
    @Nullable
    public Entry next() throws IOException {
        Map<String, String> extended = new HashMap<>();
        while (true) {
            skip();
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || isZero(header)) {
                return null;
            }
            checkSum(header);
            char type = (char) header[156];
            left = size(header);
            padding = padding(left);
            switch (type) {
                case 'x' -> pax(extended);
                case 'g' -> {}
                case 'L' -> extended.put("path", text(extension()));
                case 'K' -> extended.put("linkpath", text(extension()));
                default -> {
                    return entry(header, type, extended);
                }
            }
        }
    }

    /** The data of the entry; ends where the entry does. */
    public InputStream data() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int count = in.read(target, offset, (int) Math.min(length, left));
                if (count < 0) {
                    throw new EOFException("the archive ends within an entry");
                }
                left -= count;
                return count;
            }
        };
    }

    private Entry entry(byte[] header, char type, Map<String, String> extended) throws IOException {
        String size = extended.get("size");
        if (size != null) {
            left = number(size);
            padding = padding(left);
        }
        String name = extended.getOrDefault("path", ustarName(header));
        String link = extended.getOrDefault("linkpath", field(header, 157, 100));
        return new Entry(clean(name), link, left, type);
    }

    private void pax(Map<String, String> extended) throws IOException {
        String records = new String(extension(), StandardCharsets.UTF_8);
        for (String line : records.split("\n", -1)) {
            int space = line.indexOf(' ');
            int equals = line.indexOf('=', space + 1);
            if (space > 0 && equals > 0) {
                extended.put(line.substring(space + 1, equals), line.substring(equals + 1));
            }
        }
    }

    private byte[] extension() throws IOException {
        if (left > MAX_EXTENDED) {
            throw new IOException("an extended header of " + left + " bytes");
        }
        byte[] data = in.readNBytes((int) left);
        if (data.length < left) {
            throw new EOFException("the archive ends within a header");
        }
        left = 0;
        return data;
    }

    private void skip() throws IOException {
        in.skipNBytes(left + padding);
        left = 0;
        padding = 0;
    }

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static String ustarName(byte[] header) {
        String name = field(header, 0, 100);
        String prefix = field(header, 345, 155);
        boolean ustar = field(header, 257, 6).startsWith("ustar") && header[262] == 0;
        return ustar && !prefix.isEmpty() ? prefix + "/" + name : name;
    }

    /** A name without leading slashes and {@code ./}, and without a trailing slash. */
    public static String clean(String name) {
        String cleaned = name;
        while (cleaned.startsWith("./") || cleaned.startsWith("/")) {
            cleaned = cleaned.substring(cleaned.indexOf('/') + 1);
        }
        return cleaned.endsWith("/") ? cleaned.substring(0, cleaned.length() - 1) : cleaned;
    }

    private static void checkSum(byte[] header) throws IOException {
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(field(header, 148, 8))) {
            throw new IOException("not a tar archive, or a damaged one");
        }
    }

    /** Octal digits, or GNU's big-endian number with the first bit set. */
    private static long size(byte[] header) throws IOException {
        if ((header[124] & 0x80) == 0) {
            return octal(field(header, 124, 12));
        }
        long size = header[124] & 0x7f;
        for (int i = 125; i < 136; i++) {
            if (size >> 54 != 0) {
                throw new IOException("an entry of more bytes than can be counted");
            }
            size = size << 8 | header[i] & 0xff;
        }
        return size;
    }

    private static long octal(String digits) throws IOException {
        String number = digits.strip();
        try {
            long value = number.isEmpty() ? 0 : Long.parseLong(number, 8);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IOException("not a tar archive: bad number in a header", e);
        }
        throw new IOException("not a tar archive: negative number in a header");
    }

    private static long number(String digits) throws IOException {
        try {
            long value = Long.parseLong(digits);
            if (value >= 0 && value < Long.MAX_VALUE - BLOCK) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IOException("bad size in a header", e);
        }
        throw new IOException("bad size in a header");
    }

    private static String text(byte[] bytes) {
        return field(bytes, 0, bytes.length);
    }

    private static String field(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
