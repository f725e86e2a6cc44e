package dev.wharf.shim.command;

import dev.wharf.shim.Runtime;
import dev.wharf.shim.log.ShimLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

/** The main program of a shim: one line in the main method of each. */
public final class ShimProgram {
    private final Runtime runtime;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    ShimProgram(Runtime runtime, InputStream in, PrintStream out, PrintStream err) {
        this.runtime = runtime;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Does what the command line says and ends the JVM: with status 1 and a text on standard error where it fails. */
    public static void main(Runtime runtime, String[] arguments) {
        System.exit(new ShimProgram(runtime, System.in, System.out, System.err).run(List.of(arguments)));
    }

    int run(List<String> arguments) {
        try {
            Flags flags = Flags.parse(arguments);
            act(flags);
            return 0;
        } catch (IOException | RuntimeException e) {
            return fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(e);
        }
    }

    private int fail(Exception failure) {
        err.print(runtime.name() + ": " + Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
        err.flush();
        return 1;
    }

    private void act(Flags flags) throws IOException, InterruptedException {
        if (flags.on("v") || flags.on("version")) {
            VersionText.print(runtime, out);
            return;
        }
        if (flags.on("info")) {
            InfoAction.run(runtime, in, out);
            return;
        }
        flags.required("namespace");
        switch (flags.action()) {
            case "" -> ServeAction.run(runtime, flags);
            case "delete" -> {
                ShimLog.useStandardError(flags.on("debug"));
                DeleteAction.run(runtime, flags, out);
            }
            case "start" ->
                throw new Flags.UsageException("the action start is the launcher's: call bin/containerd-shim-*");
            default -> throw new Flags.UsageException("unknown action " + flags.action());
        }
    }
}
