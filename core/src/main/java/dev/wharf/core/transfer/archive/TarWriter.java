package dev.wharf.core.transfer.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a tar archive to a stream (POSIX.1-2017, pax interchange format): files and directories of root, without times.
 * Names are ASCII; long ones and large sizes go into extended headers.
 */
public final class TarWriter {
    private static final int BLOCK = 512;
    private static final int BUFFER = 1 << 16;
    private static final int NAME_LENGTH = 100;
    private static final long MOST_BYTES = (1L << 33) - 1;

    private final OutputStream out;

    /** Writes to a stream, which is left open. */
    public TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes a directory; its name ends with a slash. */
    public void directory(String name) throws IOException {
        header(name, 0, '5', 0755);
    }

    /** Writes a small file. */
    public void file(String name, int mode, byte[] data) throws IOException {
        header(name, data.length, '0', mode);
        out.write(data);
        pad(data.length);
    }

    /** Writes a file of {@code size} bytes, all of which {@code data} must give. */
    public void file(String name, int mode, long size, InputStream data) throws IOException {
        header(name, size, '0', mode);
        byte[] buffer = new byte[BUFFER];
        for (long left = size; left > 0; ) {
            int count = data.readNBytes(buffer, 0, (int) Math.min(BUFFER, left));
            if (count == 0) {
                throw new IOException(name + " ends " + left + " bytes too early");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        pad(size);
    }

    /** Writes the end of the archive. */
    public void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void header(String name, long size, char type, int mode) throws IOException {
        StringBuilder records = new StringBuilder();
        if (name.length() > NAME_LENGTH) {
            records.append(record("path", name));
        }
        if (size > MOST_BYTES) {
            records.append(record("size", Long.toString(size)));
        }
        if (!records.isEmpty()) {
            byte[] extended = records.toString().getBytes(StandardCharsets.US_ASCII);
            block("PaxHeaders.0/x", extended.length, 'x', 0644);
            out.write(extended);
            pad(extended.length);
        }
        block(name.substring(0, Math.min(name.length(), NAME_LENGTH)), Math.min(size, MOST_BYTES), type, mode);
    }

    /** A record that begins with its own length in decimal. */
    private static String record(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        int length = rest.length();
        while (Integer.toString(length).length() + rest.length() != length) {
            length = Integer.toString(length).length() + rest.length();
        }
        return length + rest;
    }

    private void block(String name, long size, char type, int mode) throws IOException {
        byte[] header = new byte[BLOCK];
        ascii(header, 0, name);
        octal(header, 100, 7, mode);
        octal(header, 108, 7, 0);
        octal(header, 116, 7, 0);
        octal(header, 124, 11, size);
        octal(header, 136, 11, 0);
        header[156] = (byte) type;
        ascii(header, 257, "ustar\00000");
        ascii(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 6, sum);
        header[154] = 0;
        out.write(header);
    }

    private void pad(long size) throws IOException {
        int beyond = (int) (size % BLOCK);
        if (beyond > 0) {
            out.write(new byte[BLOCK - beyond]);
        }
    }

    private static void octal(byte[] header, int at, int digits, long value) {
        ascii(header, at, String.format(Locale.ROOT, "%0" + digits + "o", value));
    }

    private static void ascii(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
