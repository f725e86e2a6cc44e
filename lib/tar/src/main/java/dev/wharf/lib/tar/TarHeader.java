package dev.wharf.lib.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * One ustar header to be written, and the PAX records for what does not fit into it. Source: POSIX.1-2017 pax.
 *
 * <p>A record reads {@code <length> <key>=<value>\n}, the length counting all of it.
 */
final class TarHeader {
    private static final int NAME = 100;
    private static final int ID_DIGITS = 7;
    private static final int LONG_DIGITS = 11;

    private final byte[] block = new byte[TarBlock.SIZE];
    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    TarHeader(char type) {
        block[156] = (byte) type;
        ascii(257, "ustar\00000");
        octal(108, ID_DIGITS, 0);
        octal(116, ID_DIGITS, 0);
    }

    TarHeader name(byte[] name) {
        return text(0, "path", name);
    }

    TarHeader link(byte[] target) {
        return text(157, "linkpath", target);
    }

    /** Names are written short and plain where they are, else in a record, with their beginning in the block. */
    private TarHeader text(int at, String key, byte[] value) {
        System.arraycopy(value, 0, block, at, Math.min(value.length, NAME));
        if (value.length > NAME || !isAscii(value)) {
            record(key, value);
        }
        return this;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    TarHeader mode(int mode) {
        octal(100, ID_DIGITS, mode & 07777);
        return this;
    }

    TarHeader owner(long uid, long gid) {
        number(108, ID_DIGITS, "uid", uid);
        number(116, ID_DIGITS, "gid", gid);
        return this;
    }

    TarHeader size(long size) {
        number(124, LONG_DIGITS, "size", size);
        return this;
    }

    TarHeader modified(Instant time) {
        long seconds = time.getEpochSecond();
        boolean whole = seconds >= 0 && seconds < 1L << (3 * LONG_DIGITS);
        octal(136, LONG_DIGITS, whole ? seconds : 0);
        if (!whole || time.getNano() != 0) {
            record("mtime", decimal(time));
        }
        return this;
    }

    /** Seconds with a fraction, whose sign counts for both. */
    private static String decimal(Instant time) {
        boolean negative = time.getEpochSecond() < 0;
        long nanos = negative && time.getNano() > 0 ? 1_000_000_000L - time.getNano() : time.getNano();
        long seconds = Math.abs(negative && time.getNano() > 0 ? time.getEpochSecond() + 1 : time.getEpochSecond());
        String fraction =
                nanos == 0 ? "" : "." + String.valueOf(1_000_000_000L + nanos).substring(1);
        return (negative ? "-" : "") + seconds + fraction;
    }

    TarHeader device(long major, long minor) {
        octal(329, ID_DIGITS, major);
        octal(337, ID_DIGITS, minor);
        return this;
    }

    void attribute(String name, byte[] value) {
        record(PaxRecords.SCHILY_XATTR + name, value);
    }

    private void number(int at, int digits, String key, long value) {
        boolean fits = value < 1L << (3 * digits);
        octal(at, digits, fits ? value : 0);
        if (!fits) {
            record(key, String.valueOf(value));
        }
    }

    private void octal(int at, int digits, long value) {
        String text = Long.toOctalString(value);
        ascii(at, "0".repeat(Math.max(0, digits - text.length())) + text);
    }

    private void ascii(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private void record(String key, String value) {
        record(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private void record(String key, byte[] value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        int rest = name.length + value.length + 3;
        int length = rest + digits(rest);
        length = rest + digits(length);
        records.writeBytes((length + " ").getBytes(StandardCharsets.ISO_8859_1));
        records.writeBytes(name);
        records.write('=');
        records.writeBytes(value);
        records.write('\n');
    }

    private static int digits(int number) {
        return String.valueOf(number).length();
    }

    /** The records that go before this header; empty where it holds all. */
    byte[] extension() {
        return records.toByteArray();
    }

    /** The block with its checksum. */
    byte[] block() {
        ascii(148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(148, 6, sum);
        block[154] = 0;
        return block;
    }
}
