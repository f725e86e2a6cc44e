package dev.wharf.services.tasks;

import dev.wharf.core.error.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes files and directories as a tar archive (POSIX.1-2017, pax, ustar interchange format), which is what runtimes
 * leave at a checkpoint. Names of at most 100 bytes and files of less than 8 GiB are all that this format holds.
 */
final class TarWriter {
    private static final int BLOCK = 512;
    private static final int COPY = 1 << 20;
    private static final int NAME_LENGTH = 100;
    private static final long MOST_BYTES = (1L << 33) - 1;

    private final Consumer<ByteBuffer> out;

    /** A writer that gives what it writes to {@code out}, which must take all of a buffer. */
    TarWriter(Consumer<ByteBuffer> out) {
        this.out = out;
    }

    /** Writes all that is below a directory, and the end of the archive. */
    void directory(Path root) throws IOException {
        for (Path path : FileTrees.below(root)) {
            String name = root.relativize(path).toString();
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                header(name + "/", 0, '5', path);
            } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                file(name, path);
            }
        }
        out.accept(ByteBuffer.allocate(2 * BLOCK));
    }

    private void file(String name, Path path) throws IOException {
        long size = Files.size(path);
        header(name, size, '0', path);
        try (InputStream in = Files.newInputStream(path)) {
            long left = size;
            while (left > 0) {
                byte[] bytes = in.readNBytes((int) Math.min(COPY, left));
                if (bytes.length == 0) {
                    throw ErrorKind.ABORTED.of("checkpoint file " + path + " became shorter while it was read");
                }
                out.accept(ByteBuffer.wrap(bytes));
                left -= bytes.length;
            }
        }
        int beyond = (int) (size % BLOCK);
        if (beyond > 0) {
            out.accept(ByteBuffer.allocate(BLOCK - beyond));
        }
    }

    private void header(String name, long size, char type, Path path) throws IOException {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > NAME_LENGTH || size > MOST_BYTES) {
            throw ErrorKind.OUT_OF_RANGE.of("checkpoint file " + name + " of " + size + " bytes in a ustar archive");
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0777;
        long modified =
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000;
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        header.put(0, encoded);
        octal(header, 100, 7, mode);
        octal(header, 108, 7, 0);
        octal(header, 116, 7, 0);
        octal(header, 124, 11, size);
        octal(header, 136, 11, Math.max(0, modified));
        header.put(156, (byte) type);
        ascii(header, 257, "ustar\00000");
        checksum(header);
        out.accept(header);
    }

    /** The sum of all bytes, with blanks where the sum itself stands. */
    private static void checksum(ByteBuffer header) {
        ascii(header, 148, "        ");
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += header.get(i) & 0xff;
        }
        octal(header, 148, 6, sum);
        header.put(154, (byte) 0);
    }

    private static void octal(ByteBuffer header, int at, int digits, long value) {
        ascii(header, at, String.format(Locale.ROOT, "%0" + digits + "o", value));
    }

    private static void ascii(ByteBuffer header, int at, String text) {
        header.put(at, text.getBytes(StandardCharsets.US_ASCII));
    }
}
