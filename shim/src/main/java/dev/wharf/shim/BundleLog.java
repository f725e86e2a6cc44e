package dev.wharf.shim;

/**
 * The log of one container's bundle: the fifo {@code log} in it, which the daemon copies into its own log. Lines are
 * dropped while nobody reads or the reader is slow: a log never stops a container.
 */
public interface BundleLog extends AutoCloseable {
    /** Tells details, where the daemon asked for them. */
    void debug(String message);

    /** Tells a change of state. */
    void info(String message);

    /** Tells something that went wrong and was mended or gone round. */
    void warn(String message);

    /** Tells a failure. */
    void error(String message);

    /** Gives the fifo up. */
    @Override
    void close();
}
