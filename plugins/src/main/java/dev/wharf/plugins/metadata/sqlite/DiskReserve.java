package dev.wharf.plugins.metadata.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Random;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room on the database's disk that is kept for deletions: a file that is given up when the disk is full, as otherwise
 * nothing could be deleted there to make room. Used by the writer thread alone.
 */
final class DiskReserve {
    /** Enough for the log of many deletions and one collection. */
    static final int BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DiskReserve.class);

    /** The reserve is taken only while the disk has that many times its size; else it would be what fills the disk. */
    private static final int SPARE = 4;

    /** Between two looks for room. Short, as what freed the room may be followed by what fills it. */
    static final Duration PAUSE = Duration.ofMillis(100);

    /** After a look at a disk that cannot be written to. */
    private static final Duration LONG_PAUSE = Duration.ofMinutes(1);

    private static final int BLOCK = 1 << 16;

    private final Path file;
    private final LongSupplier nanoTime;
    private boolean held;
    private long nextTry;

    /** The reserve beside a database. */
    DiskReserve(Path database) {
        this(database, System::nanoTime);
    }

    DiskReserve(Path database, LongSupplier nanoTime) {
        this.file = database.resolveSibling(database.getFileName() + "-reserve");
        this.nanoTime = nanoTime;
        this.held = Files.exists(file);
        this.nextTry = nanoTime.getAsLong();
    }

    /** Gives it up; false when there is none. */
    boolean release() {
        if (!held) {
            return false;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("cannot give up the disk reserve");
            return false;
        }
        held = false;
        nextTry = nanoTime.getAsLong();
        LOG.atWarn()
                .addKeyValue("file", file)
                .log("disk is full: its reserve was given up, so that things can be deleted");
        return true;
    }

    /** Whether it is there to be given up. */
    boolean isHeld() {
        return held;
    }

    /** Takes it again if it was given up and the disk has room, which is looked at once in a while. */
    void restore() {
        if (held || nanoTime.getAsLong() - nextTry < 0) {
            return;
        }
        nextTry = nanoTime.getAsLong() + PAUSE.toNanos();
        try {
            if (Files.getFileStore(file.getParent()).getUsableSpace() >= (long) SPARE * BYTES) {
                fill();
                held = true;
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("cannot keep a disk reserve");
            nextTry = nanoTime.getAsLong() + LONG_PAUSE.toNanos();
            removePartly();
        }
    }

    /** Of bytes that are not zero, so that no file system leaves them out. */
    private void fill() throws IOException {
        byte[] block = new byte[BLOCK];
        new Random(BYTES).nextBytes(block);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int written = 0; written < BYTES; written += BLOCK) {
                out.write(block);
            }
        }
    }

    private void removePartly() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("cannot remove a disk reserve");
        }
    }
}
