package dev.wharf.core.error;

import org.jspecify.annotations.Nullable;

/**
 * The one exception wharf throws: a kind for programs, a message for people.
 *
 * <p>The message says what was being done, to what, and (where it helps) what to do next. Make it with
 * {@link ErrorKind#of(String)}, which adds the ending clients look for, or with a constructor when the text must be
 * exactly the given one.
 */
public final class WharfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;

    /** An exception whose message is exactly {@code message}. */
    public WharfException(ErrorKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** An exception whose message is exactly {@code message}. */
    public WharfException(ErrorKind kind, String message) {
        this(kind, message, null);
    }

    /** The kind of failure. */
    public ErrorKind kind() {
        return kind;
    }

    /** The message; never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? kind.text() : message;
    }

    /** The same failure with {@code doing} put in front of its message, as {@code doing: message}. */
    public WharfException during(String doing) {
        return new WharfException(kind, doing + ": " + getMessage(), this);
    }
}
