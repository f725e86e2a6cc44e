package dev.wharf.testkit.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes archives by hand, so that a test can write what no tar program would. */
public final class TarBytes {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A header to be; defaults are those of an empty regular file of root. */
    public static final class Header {
        private final byte[] block = new byte[BLOCK];

        Header(String name, char type) {
            bytes(0, 100, name.getBytes(StandardCharsets.UTF_8));
            octal(100, 8, 0644);
            octal(108, 8, 0);
            octal(116, 8, 0);
            octal(124, 12, 0);
            octal(136, 12, 1_000_000_000);
            block[156] = (byte) type;
            bytes(257, 8, "ustar\00000".getBytes(StandardCharsets.ISO_8859_1));
        }

        public Header mode(int mode) {
            return octal(100, 8, mode);
        }

        public Header owner(int uid, int gid) {
            return octal(108, 8, uid).octal(116, 8, gid);
        }

        public Header size(long size) {
            return octal(124, 12, size);
        }

        public Header time(long seconds) {
            return octal(136, 12, seconds);
        }

        public Header link(String target) {
            return bytes(157, 100, target.getBytes(StandardCharsets.UTF_8));
        }

        public Header device(int major, int minor) {
            return octal(329, 8, major).octal(337, 8, minor);
        }

        public Header gnu() {
            return bytes(257, 8, "ustar  \0".getBytes(StandardCharsets.ISO_8859_1));
        }

        public Header v7() {
            return bytes(257, 8, new byte[8]);
        }

        public Header octal(int offset, int length, long value) {
            String text = String.format("%0" + (length - 1) + "o", value);
            return bytes(offset, length, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public Header bytes(int offset, int length, byte[] value) {
            Arrays.fill(block, offset, offset + length, (byte) 0);
            System.arraycopy(value, 0, block, offset, Math.min(length, value.length));
            return this;
        }

        byte[] finished() {
            Arrays.fill(block, 148, 156, (byte) ' ');
            long sum = 0;
            for (byte b : block) {
                sum += b & 0xFF;
            }
            String text = String.format("%06o\0 ", sum);
            bytes(148, 8, text.getBytes(StandardCharsets.ISO_8859_1));
            return block;
        }
    }

    public static Header header(String name, char type) {
        return new Header(name, type);
    }

    public TarBytes add(Header header, byte... content) {
        out.writeBytes(header.finished());
        return raw(content);
    }

    /** Content or anything else, padded to whole blocks. */
    public TarBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        out.writeBytes(new byte[-bytes.length & (BLOCK - 1)]);
        return this;
    }

    public TarBytes file(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return add(header(name, '0').size(bytes.length), bytes);
    }

    public TarBytes directory(String name) {
        return add(header(name, '5').mode(0755));
    }

    public TarBytes symlink(String name, String target) {
        return add(header(name, '2').mode(0777).link(target));
    }

    public TarBytes hardLink(String name, String target) {
        return add(header(name, '1').link(target));
    }

    /** An extended header for the next entry. */
    public TarBytes pax(Map<String, byte[]> records) {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        records.forEach((key, value) -> header.writeBytes(record(key, value)));
        return add(header("PaxHeaders/x", 'x').size(header.size()), header.toByteArray());
    }

    public TarBytes pax(String key, String value) {
        return pax(new LinkedHashMap<>(Map.of(key, value.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] record(String key, byte[] value) {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        int rest = name.length + value.length + 3;
        int length = rest + 1;
        while (length != rest + String.valueOf(length).length()) {
            length = rest + String.valueOf(length).length();
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes((length + " ").getBytes(StandardCharsets.ISO_8859_1));
        record.writeBytes(name);
        record.write('=');
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    /** What was written so far, without an end. */
    public byte[] open() {
        return out.toByteArray();
    }

    /** The archive with its two blocks of zeros. */
    public byte[] finished() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(out.toByteArray());
        all.writeBytes(new byte[2 * BLOCK]);
        return all.toByteArray();
    }
}
