package dev.wharf.e2e;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar archives entry by entry, with whatever names and numbers it is told. Source: POSIX.1-2017 pax, ustar. */
final class TarWriter {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TarWriter file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    TarWriter file(String name, byte[] content) {
        header(name, '0', "", content.length, 0, 0);
        body(content);
        return this;
    }

    TarWriter directory(String name) {
        return header(name, '5', "", 0, 0, 0);
    }

    TarWriter symlink(String name, String target) {
        return header(name, '2', target, 0, 0, 0);
    }

    TarWriter hardLink(String name, String target) {
        return header(name, '1', target, 0, 0, 0);
    }

    TarWriter characterDevice(String name, int major, int minor) {
        return header(name, '3', "", 0, major, minor);
    }

    TarWriter blockDevice(String name, int major, int minor) {
        return header(name, '4', "", 0, major, minor);
    }

    /** A file whose header promises that many bytes, of which none follow. */
    TarWriter promise(String name, long size) {
        return header(name, '0', "", size, 0, 0);
    }

    /** Extended records for the next entry. */
    TarWriter extended(String... keysAndValues) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            records.append(record(keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n"));
        }
        byte[] bytes = records.toString().getBytes(StandardCharsets.UTF_8);
        header("extended", 'x', "", bytes.length, 0, 0);
        body(bytes);
        return this;
    }

    private static String record(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length + 2;
        while (String.valueOf(length).length() + 1 + text.getBytes(StandardCharsets.UTF_8).length != length) {
            length++;
        }
        return length + " " + text;
    }

    private TarWriter header(String name, char type, String link, long size, int major, int minor) {
        byte[] block = new byte[BLOCK];
        if (name.length() > 100 || link.length() > 100) {
            throw new IllegalArgumentException("too long for ustar: " + name + " -> " + link);
        }
        put(block, 0, name);
        put(block, 100, type == '5' ? "0000755" : "0000644");
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        putSize(block, size);
        put(block, 136, "00000000000");
        block[156] = (byte) type;
        put(block, 157, link);
        put(block, 257, "ustar");
        put(block, 263, "00");
        put(block, 329, "%07o".formatted(major));
        put(block, 337, "%07o".formatted(minor));
        put(block, 148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, "%06o".formatted(sum));
        block[154] = 0;
        out.writeBytes(block);
        return this;
    }

    /** In octal if it fits, else in base 256. */
    private static void putSize(byte[] block, long size) {
        if (size < 1L << 33) {
            put(block, 124, "%011o".formatted(size));
            return;
        }
        block[124] = (byte) 0x80;
        for (int i = 0; i < Long.BYTES; i++) {
            block[135 - i] = (byte) (size >>> (i * Byte.SIZE));
        }
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    private void body(byte[] content) {
        out.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
    }

    /** What was written so far, without an end. */
    byte[] unfinished() {
        return out.toByteArray();
    }

    /** The archive with its end. */
    byte[] bytes() {
        byte[] entries = out.toByteArray();
        return Arrays.copyOf(entries, entries.length + 2 * BLOCK);
    }
}
