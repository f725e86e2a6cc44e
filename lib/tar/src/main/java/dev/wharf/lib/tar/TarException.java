package dev.wharf.lib.tar;

/** An archive that cannot be read; the message names the entry. */
public final class TarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong with it. */
    public enum Kind {
        /** It is no well-formed archive. */
        MALFORMED,
        /** It asks for more than its {@link TarBounds} allow. */
        TOO_MUCH
    }

    /** A failure of some kind. */
    public TarException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** The message; never null, unlike that of other exceptions. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
