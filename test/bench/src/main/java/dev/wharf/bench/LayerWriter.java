package dev.wharf.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a tar archive as it goes. Source: POSIX.1-2017, pax, ustar interchange format. */
public final class LayerWriter implements AutoCloseable {
    private static final int BLOCK = 512;

    private final OutputStream out;

    /** An archive that is written to {@code out}. */
    public LayerWriter(OutputStream out) {
        this.out = out;
    }

    /** A directory. */
    public void directory(String name) throws IOException {
        out.write(header(name + "/", '5', 0755, 0));
    }

    /** A file. */
    public void file(String name, int mode, byte[] content) throws IOException {
        out.write(header(name, '0', mode, content.length));
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static byte[] header(String name, char type, int mode, long size) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        put(block, 100, "%07o".formatted(mode));
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, "%011o".formatted(size));
        put(block, 136, "00000000000");
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        put(block, 257, "ustar");
        put(block, 263, "00");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, "%06o".formatted(sum));
        block[154] = 0;
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Writes the end and closes what is below. */
    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }
}
