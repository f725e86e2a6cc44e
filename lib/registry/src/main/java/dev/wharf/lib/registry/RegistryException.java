package dev.wharf.lib.registry;

import org.jspecify.annotations.Nullable;

/** A registry refused or failed; the message names host, request and status and says what to do. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final int status;

    /** What went wrong, as far as callers tell it apart. */
    public enum Kind {
        /** A name, digest or document is not well-formed. */
        INVALID(3),
        /** No such repository, manifest or blob. */
        NOT_FOUND(5),
        /** No credentials, or wrong ones. */
        UNAUTHORIZED(16),
        /** The credentials do not suffice. */
        FORBIDDEN(7),
        /** Too many requests, for longer than this client waits. */
        RATE_LIMITED(8),
        /**
         * The registry fails or cannot be reached. Who used this client was there all the same, and was refused after all
         * tries: aborted, not unavailable.
         */
        UNAVAILABLE(10),
        /** No answer in time. */
        TIMEOUT(4),
        /** The thread was interrupted. */
        INTERRUPTED(1),
        /** An answer is larger than its bound. */
        TOO_LARGE(8),
        /** What came is not what its digest or size says. */
        MISMATCH(15),
        /** Something this client does not do, such as manifests of schema 1. */
        UNSUPPORTED(12);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The number by which a service that used this client tells of it. Source: google/rpc/code.proto. */
        public int code() {
            return code;
        }
    }

    /** A failure with the HTTP status it came with, or 0. */
    public RegistryException(Kind kind, int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
    }

    /** A failure without a cause of its own. */
    public RegistryException(Kind kind, String message) {
        this(kind, 0, message, null);
    }

    /** A failure with its cause. */
    public RegistryException(Kind kind, String message, Throwable cause) {
        this(kind, 0, message, cause);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** The HTTP status, or 0 when there was none. */
    public int status() {
        return status;
    }
}
