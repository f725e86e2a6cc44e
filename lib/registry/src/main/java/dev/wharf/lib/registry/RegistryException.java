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
        INVALID,
        /** No such repository, manifest or blob. */
        NOT_FOUND,
        /** No credentials, or wrong ones. */
        UNAUTHORIZED,
        /** The credentials do not suffice. */
        FORBIDDEN,
        /** Too many requests, for longer than this client waits. */
        RATE_LIMITED,
        /** The registry fails or cannot be reached. */
        UNAVAILABLE,
        /** No answer in time. */
        TIMEOUT,
        /** The thread was interrupted. */
        INTERRUPTED,
        /** An answer is larger than its bound. */
        TOO_LARGE,
        /** What came is not what its digest or size says. */
        MISMATCH,
        /** Something this client does not do, such as manifests of schema 1. */
        UNSUPPORTED
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
