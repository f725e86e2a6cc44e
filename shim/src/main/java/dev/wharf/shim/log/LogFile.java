package dev.wharf.shim.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** A file of lines that is bounded: once full it becomes {@code NAME.1}, in place of the one before. */
final class LogFile {
    private static final long MAX_BYTES = 1 << 20;

    private final Path path;

    /** Guards {@link #out} and {@link #written}, and keeps lines whole. */
    private final ReentrantLock lock = new ReentrantLock();

    private OutputStream out;
    private long written;

    LogFile(Path path) throws IOException {
        this.path = path;
        out = open();
        written = Files.size(path);
    }

    private OutputStream open() throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Writes a line. A log that cannot be written has nowhere to say so. */
    void write(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (written + bytes.length > MAX_BYTES) {
                turn();
            }
            out.write(bytes);
            written += bytes.length;
        } catch (IOException ignored) {
            return;
        } finally {
            lock.unlock();
        }
    }

    private void turn() throws IOException {
        out.close();
        Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        out = open();
        written = 0;
    }
}
