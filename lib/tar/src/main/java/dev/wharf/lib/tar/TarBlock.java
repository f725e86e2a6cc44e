package dev.wharf.lib.tar;

import dev.wharf.lib.linux.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One header block of 512 bytes and the fields in it. Source: POSIX.1-2017 pax, "ustar Interchange Format". */
final class TarBlock {
    static final int SIZE = 512;

    /** A field of the block. */
    enum Field {
        NAME(0, 100),
        MODE(100, 8),
        UID(108, 8),
        GID(116, 8),
        BYTES(124, 12),
        MTIME(136, 12),
        CHECKSUM(148, 8),
        LINK_NAME(157, 100),
        DEVICE_MAJOR(329, 8),
        DEVICE_MINOR(337, 8),
        PREFIX(345, 155),
        GNU_ATIME(345, 12),
        GNU_REAL_SIZE(483, 12),
        STAR_PREFIX(345, 131),
        STAR_ATIME(476, 12);

        final int offset;
        final int length;

        Field(int offset, int length) {
            this.offset = offset;
            this.length = length;
        }
    }

    /** The dialects whose fields differ. */
    enum Format {
        V7,
        USTAR,
        GNU,
        STAR
    }

    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int STAR_TRAILER = 508;

    /** So many octal digits fit 63 bits. */
    private static final int MOST_DIGITS = 20;

    private final byte[] bytes;

    TarBlock(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    char type() {
        return (char) (bytes[TYPE] & 0xFF);
    }

    byte[] bytes() {
        return bytes;
    }

    Format format() {
        if (matches(MAGIC, "ustar  \0")) {
            return Format.GNU;
        }
        if (!matches(MAGIC, "ustar\0")) {
            return Format.V7;
        }
        return matches(STAR_TRAILER, "tar\0") ? Format.STAR : Format.USTAR;
    }

    private boolean matches(int offset, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.equals(bytes, offset, offset + expected.length, expected, 0, expected.length);
    }

    /** The name, with the prefix where the format has one. */
    String name() {
        String name = text(Field.NAME);
        String prefix = switch (format()) {
            case V7, GNU -> "";
            case USTAR -> text(Field.PREFIX);
            case STAR -> text(Field.STAR_PREFIX);
        };
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String text(Field field) {
        int end = field.offset;
        while (end < field.offset + field.length && bytes[end] != 0) {
            end++;
        }
        return FileNames.decode(Arrays.copyOfRange(bytes, field.offset, end));
    }

    /** A number in octal or in GNU's base 256. */
    long number(Field field, String entry) {
        return number(bytes, field.offset, field.length, entry);
    }

    static long number(byte[] bytes, int offset, int length, String entry) {
        return (bytes[offset] & 0x80) != 0 ? binary(bytes, offset, length, entry) : octal(bytes, offset, length, entry);
    }

    /** Big endian two's complement below the marking top bit, which is a copy of the sign bit when set to 0xff. */
    private static long binary(byte[] bytes, int offset, int length, String entry) {
        boolean negative = (bytes[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = bytes[offset + i] & 0xFF;
            int digit = i > 0 ? b : negative ? b | 0x80 : b & 0x7F;
            if (value != (value << 8 >> 8)) {
                throw TarFailures.malformed(entry, "number does not fit 64 bits");
            }
            value = value << 8 | digit;
        }
        if (value < 0 != negative) {
            throw TarFailures.malformed(entry, "number does not fit 64 bits");
        }
        return value;
    }

    private static long octal(byte[] bytes, int offset, int length, String entry) {
        long value = plainOctal(bytes, offset, offset + length);
        return value >= 0 ? value : octalWithin(bytes, offset, length, entry);
    }

    /** The number of a field as nearly all are: digits, then only blanks and zeros; -1 for any other field. */
    private static long plainOctal(byte[] bytes, int from, int end) {
        long value = 0;
        int at = from;
        while (at < end && at - from < MOST_DIGITS && bytes[at] >= '0' && bytes[at] <= '7') {
            value = value << 3 | (bytes[at++] - '0');
        }
        boolean digits = at > from;
        while (at < end && (bytes[at] == 0 || bytes[at] == ' ')) {
            at++;
        }
        return digits && at == end ? value : -1;
    }

    private static long octalWithin(byte[] bytes, int offset, int length, String entry) {
        String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.chars().allMatch(c -> c >= '0' && c <= '7') || text.length() > MOST_DIGITS) {
            throw TarFailures.malformed(entry, "not an octal number: " + TarFailures.quoted(text));
        }
        return Long.parseLong(text, 8);
    }

    private int sum(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += bytes[i];
        }
        return sum;
    }

    private int negative(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += bytes[i] >>> 31;
        }
        return count;
    }

    /** Checks the sum of all bytes, the checksum field counted as blanks; old tars added signed bytes. */
    void verifyChecksum(String after) {
        int from = Field.CHECKSUM.offset;
        int to = from + Field.CHECKSUM.length;
        int blanks = ' ' * Field.CHECKSUM.length;
        int signed = sum(0, from) + sum(to, SIZE) + blanks;
        int unsigned = signed + 256 * (negative(0, from) + negative(to, SIZE));
        String where = "after " + after;
        long stored = number(Field.CHECKSUM, where);
        if (stored != unsigned && stored != signed) {
            throw TarFailures.malformed(where, "invalid tar header (checksum does not match)");
        }
    }
}
