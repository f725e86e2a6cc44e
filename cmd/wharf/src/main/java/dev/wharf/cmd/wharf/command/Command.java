package dev.wharf.cmd.wharf.command;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of the program. */
public interface Command {
    /** Adds its options, parameters and description. */
    void describe(CommandSpec spec);

    /** Does it; answers the exit code. */
    int run(ParseResult given, Session session) throws IOException, InterruptedException;
}
