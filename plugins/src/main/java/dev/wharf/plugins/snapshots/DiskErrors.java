package dev.wharf.plugins.snapshots;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Failures of the file system as failures of a snapshotter. */
public final class DiskErrors {
    private DiskErrors() {}

    /** Work on files. */
    @FunctionalInterface
    public interface FileWork<T> {
        T run() throws IOException;
    }

    /**
     * Does work on files; {@code RESOURCE_EXHAUSTED} when the disk or a quota is full, {@code INTERNAL} for other
     * failures of the kernel.
     *
     * @param doing what is done and to what, for the message
     */
    public static <T> T during(String doing, FileWork<T> work) {
        try {
            return work.run();
        } catch (ErrnoException e) {
            throw kind(e).of(doing + ": " + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw ErrorKind.INTERNAL.of(doing + ": " + e.getMessage(), e);
        }
    }

    private static ErrorKind kind(ErrnoException e) {
        return e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT) ? ErrorKind.RESOURCE_EXHAUSTED : ErrorKind.INTERNAL;
    }
}
