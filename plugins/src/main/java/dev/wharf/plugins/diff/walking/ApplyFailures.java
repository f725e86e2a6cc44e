package dev.wharf.plugins.diff.walking;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarException;

/** What the kernel's refusals mean to who sent the layer. */
final class ApplyFailures {
    private ApplyFailures() {}

    static WharfException of(TarEntry entry, RuntimeException e) {
        ErrorKind kind = e instanceof ErrnoException errno ? kind(errno) : ErrorKind.INVALID_ARGUMENT;
        return kind.of("apply entry " + entry.label() + ": " + e.getMessage(), e);
    }

    static WharfException of(TarEntry entry, TarException e) {
        return kind(e).of("apply entry " + entry.label() + ": " + e.getMessage(), e);
    }

    /** What a broken archive means, outside of an entry. */
    static WharfException of(TarException e) {
        return kind(e).of(e.getMessage(), e);
    }

    private static ErrorKind kind(TarException e) {
        return switch (e.kind()) {
            case MALFORMED -> ErrorKind.INVALID_ARGUMENT;
            case TOO_MUCH -> ErrorKind.RESOURCE_EXHAUSTED;
        };
    }

    static ErrorKind kind(ErrnoException e) {
        return switch (e.errno()) {
            case ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, EINVAL, E2BIG, EMLINK, EEXIST, ERANGE ->
                ErrorKind.INVALID_ARGUMENT;
            case ENOSPC, EDQUOT, EFBIG, ENFILE, EMFILE, ENOMEM -> ErrorKind.RESOURCE_EXHAUSTED;
            case EPERM, EACCES -> ErrorKind.PERMISSION_DENIED;
            case EROFS -> ErrorKind.FAILED_PRECONDITION;
            default -> ErrorKind.INTERNAL;
        };
    }
}
