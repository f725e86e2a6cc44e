package dev.wharf.cmd.wharf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs the command lines on standard input in one process: the build trains the AOT cache of {@code wharf} with it, as
 * a cache is made from one run.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Runs each line, its words parted by spaces; the process ends with the exit code of the first that fails. */
    public static void main(String[] args) throws IOException {
        Main.quiet();
        PrintStream out = Main.buffered(System.out);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int status = new Cli(out, System.err, System.getenv()).run(List.of(line.split(" ")));
            if (status != 0) {
                System.exit(status);
            }
        }
    }
}
