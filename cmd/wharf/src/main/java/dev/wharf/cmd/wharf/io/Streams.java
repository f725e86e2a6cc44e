package dev.wharf.cmd.wharf.io;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Terminal;

/** What this program's standard streams are. */
public final class Streams {
    private Streams() {}

    /** Whether standard input is a terminal. */
    public static boolean inputIsTerminal() {
        return Terminal.isTerminal(Fd.STDIN);
    }

    /** Whether standard error is a terminal. */
    public static boolean errorIsTerminal() {
        return Terminal.isTerminal(Fd.STDERR);
    }
}
