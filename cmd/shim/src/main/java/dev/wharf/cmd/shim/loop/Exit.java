package dev.wharf.cmd.shim.loop;

import java.time.Instant;

/**
 * The end of a process.
 *
 * @param status its exit code, or 128 and the signal that killed it; {@link #UNKNOWN} when nobody can tell any more
 * @param at when it was seen
 */
public record Exit(int status, Instant at) {
    /** What the signal is added to. */
    public static final int SIGNALLED = 128;

    /** What containerd says where the code is lost. */
    public static final int UNKNOWN = 255;
}
