package dev.wharf.plugins.snapshots;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.stream.Stream;

/** Failures of the file system as failures of a snapshotter. */
public final class DiskErrors {
    /** What java.nio says when the disk or a quota is full: the C library's text, in the language of the process. */
    private static final List<String> FULL =
            Stream.of(Errno.ENOSPC, Errno.EDQUOT).map(DiskErrors::text).toList();

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
        } catch (IOException e) {
            throw kind(e).of(doing + ": " + e.getMessage(), e);
        }
    }

    private static ErrorKind kind(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return ErrorKind.CANCELLED;
        }
        String message = String.valueOf(e.getMessage());
        return FULL.stream().anyMatch(message::contains) ? ErrorKind.RESOURCE_EXHAUSTED : ErrorKind.INTERNAL;
    }

    private static ErrorKind kind(ErrnoException e) {
        return e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT) ? ErrorKind.RESOURCE_EXHAUSTED : ErrorKind.INTERNAL;
    }

    private static String text(Errno errno) {
        String prefix = errno.name() + ": ";
        String message = String.valueOf(new ErrnoException(errno, "").getMessage());
        return message.substring(message.indexOf(prefix) + prefix.length());
    }
}
