package dev.wharf.lib.linux;

import java.nio.charset.StandardCharsets;

/** What a program left that ran to its end. */
public final class CommandResult {
    private final ExitStatus exit;
    private final BoundedBytes stdout;
    private final BoundedBytes stderr;
    private final boolean timedOut;

    CommandResult(ExitStatus exit, BoundedBytes stdout, BoundedBytes stderr, boolean timedOut) {
        this.exit = exit;
        this.stdout = stdout;
        this.stderr = stderr;
        this.timedOut = timedOut;
    }

    /** How it ended. */
    public ExitStatus exit() {
        return exit;
    }

    /** The first bytes of its output, up to the limit given. */
    public byte[] stdout() {
        return stdout.toArray();
    }

    /** The first bytes of its error output, up to the limit given. */
    public byte[] stderr() {
        return stderr.toArray();
    }

    /** The output as text. */
    public String stdoutText() {
        return new String(stdout(), StandardCharsets.UTF_8);
    }

    /** The error output as text. */
    public String stderrText() {
        return new String(stderr(), StandardCharsets.UTF_8);
    }

    /** Whether it was killed because its time was over. */
    public boolean timedOut() {
        return timedOut;
    }

    /** Whether it wrote more than the limit to either output. */
    public boolean truncated() {
        return stdout.truncated() || stderr.truncated();
    }

    /** Whether it ended by itself, in time, with code 0. */
    public boolean success() {
        return !timedOut && exit.success();
    }

    @Override
    public String toString() {
        return exit + (timedOut ? " after its time was over" : "") + ": "
                + stderrText().strip();
    }
}
