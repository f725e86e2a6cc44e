package dev.wharf.cmd.wharf.args;

/** The command line asks for something that cannot be meant; the message says what would be right. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With this message. */
    public UsageException(String message) {
        super(message);
    }
}
