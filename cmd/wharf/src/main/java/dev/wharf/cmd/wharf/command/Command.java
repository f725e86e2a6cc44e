package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import java.io.IOException;

/** One command of the program. */
public interface Command {
    /** Adds its options, parameters and description. */
    void describe(Syntax syntax);

    /** Does it; answers the exit code. */
    int run(Arguments given, Session session) throws IOException, InterruptedException;
}
