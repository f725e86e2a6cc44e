package dev.wharf.cmd.shim.engine;

/** An engine could not be started, failed, or did not answer in time; the message is its own words where it has some. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient String output;

    EngineException(String message, String output) {
        super(message);
        this.output = output;
    }

    /** The beginning of what the engine said. */
    public String firstLine() {
        return String.valueOf(getMessage()).lines().findFirst().orElse("");
    }

    /** Everything the engine said, to be searched for known phrases. */
    public boolean says(String phrase) {
        return (getMessage() + "\n" + output)
                .toLowerCase(java.util.Locale.ROOT)
                .contains(phrase.toLowerCase(java.util.Locale.ROOT));
    }
}
