package dev.wharf.cmd.wharf;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The entry point of {@code wharf}. */
public final class Main {
    private static final int BUFFER = 8192;

    private Main() {}

    /** Runs a command; the process ends with its exit code. */
    public static void main(String[] args) {
        quiet();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8);
        int status = new Cli(buffered(out), err, System.getenv()).run(List.of(args));
        // Not exit, which first looks for a logger to tell of it; all that hangs on the end of a command is done.
        Runtime.getRuntime().halt(status);
    }

    /** Without a logging backend slf4j would complain on standard error; nothing of wharf's client logs. */
    static void quiet() {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    static PrintStream buffered(PrintStream out) {
        return new PrintStream(new java.io.BufferedOutputStream(out, BUFFER), false, StandardCharsets.UTF_8);
    }
}
