package dev.wharf.plugins.content.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;

/** Failures of the file system as failures of the store. */
final class DiskErrors {
    /** What java.nio says when the disk or a quota is full: the C library's text, in the language of the process. */
    private static final List<String> FULL =
            Stream.of(Errno.ENOSPC, Errno.EDQUOT).map(DiskErrors::text).toList();

    private DiskErrors() {}

    /**
     * {@code RESOURCE_EXHAUSTED} when the disk is full, {@code NOT_FOUND} for a missing file, {@code CANCELLED} when the
     * thread was interrupted, else {@code INTERNAL}.
     */
    static WharfException of(String doing, IOException e) {
        String message = doing + ": " + e.getMessage();
        if (e instanceof NoSuchFileException) {
            return ErrorKind.NOT_FOUND.of(doing, e);
        }
        if (e instanceof ClosedByInterruptException) {
            return ErrorKind.CANCELLED.of(doing, e);
        }
        return isFull(e) ? ErrorKind.RESOURCE_EXHAUSTED.of(message, e) : ErrorKind.INTERNAL.of(message, e);
    }

    private static boolean isFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        return FULL.stream().anyMatch(message::contains);
    }

    private static String text(Errno errno) {
        String prefix = errno.name() + ": ";
        String message = String.valueOf(new ErrnoException(errno, "").getMessage());
        return message.substring(message.indexOf(prefix) + prefix.length());
    }
}
