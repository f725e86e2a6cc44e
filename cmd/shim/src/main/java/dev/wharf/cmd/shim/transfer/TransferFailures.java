package dev.wharf.cmd.shim.transfer;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.tar.TarException;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.ShimException.Code;

/** What failures of files and archives mean to who asked for the transfer. */
final class TransferFailures {
    private TransferFailures() {}

    static ShimException of(String doing, RuntimeException failure) {
        return switch (failure) {
            case ErrnoException e -> {
                Code code = code(e);
                String ending = code == Code.NOT_FOUND ? ": not found" : "";
                yield new ShimException(code, doing + ": " + e.getMessage() + ending, e);
            }
            case TarException e -> new ShimException(code(e), doing + ": " + e.getMessage(), e);
            default -> new ShimException(Code.INVALID_ARGUMENT, doing + ": " + failure.getMessage(), failure);
        };
    }

    private static Code code(ErrnoException e) {
        return switch (e.errno()) {
            case ENOENT, ESRCH -> Code.NOT_FOUND;
            case ELOOP, ENAMETOOLONG, EINVAL, E2BIG, EMLINK, ERANGE -> Code.INVALID_ARGUMENT;
            case ENOTDIR, EISDIR, EEXIST, ENOTEMPTY, EBUSY, EROFS, EPERM, EACCES, EXDEV -> Code.FAILED_PRECONDITION;
            case ENOSPC, EDQUOT, EFBIG, ENFILE, EMFILE, ENOMEM -> Code.RESOURCE_EXHAUSTED;
            default -> Code.UNKNOWN;
        };
    }

    private static Code code(TarException e) {
        return switch (e.kind()) {
            case MALFORMED -> Code.INVALID_ARGUMENT;
            case TOO_MUCH -> Code.RESOURCE_EXHAUSTED;
        };
    }
}
