package dev.wharf.lib.linux;

import java.nio.charset.StandardCharsets;

/**
 * What a program left that ran to its end.
 *
 * @param exit how it ended
 * @param stdout the first bytes of its output, up to the limit given
 * @param stderr the first bytes of its error output, up to the limit given
 * @param timedOut whether it was killed because its time was over
 * @param truncated whether it wrote more than the limit to either
 */
public record CommandResult(ExitStatus exit, byte[] stdout, byte[] stderr, boolean timedOut, boolean truncated) {
    /** The output as text. */
    public String stdoutText() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** The error output as text. */
    public String stderrText() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    /** Whether it ended by itself, in time, with code 0. */
    public boolean success() {
        return !timedOut && exit.success();
    }
}
