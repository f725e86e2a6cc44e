package dev.wharf.cmd.wharf;

import dev.wharf.cmd.wharf.args.ArgumentParser;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.HelpText;
import dev.wharf.cmd.wharf.args.Nearest;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.cmd.wharf.command.Command;
import dev.wharf.cmd.wharf.command.Commands;
import dev.wharf.cmd.wharf.command.Globals;
import dev.wharf.cmd.wharf.command.Session;
import dev.wharf.cmd.wharf.command.Versions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From the command line to a command and its exit code: 1 for what failed, 2 for what was asked for wrongly. */
public final class Cli {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    /** Prints results to {@code out} and all else to {@code err}. */
    public Cli(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Runs a command line. */
    public int run(List<String> args) {
        try {
            return dispatch(args);
        } catch (UsageException e) {
            return usage(e.getMessage() == null ? "" : e.getMessage(), "");
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Finds the command: the first argument that is neither an option for all commands nor the value of one. */
    private int dispatch(List<String> args) {
        List<String> forCommand = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("-")) {
                forCommand.addAll(args.subList(i + 1, args.size()));
                return command(arg, forCommand);
            }
            switch (arg) {
                case "-h", "--help" -> {
                    out.print(Overview.text());
                    return 0;
                }
                case "-v", "--version" -> {
                    out.println("wharf " + Versions.own());
                    return 0;
                }
                default -> forCommand.add(arg);
            }
            if (Globals.takesValue(arg) && i + 1 < args.size()) {
                forCommand.add(args.get(++i));
            } else if (!arg.contains("=") && !Globals.takesValue(arg)) {
                return usage(
                        "unknown option " + arg
                                + Nearest.hint(
                                        arg, List.of("--namespace", "--address", "--format", "--help", "--version")),
                        "");
            }
        }
        err.print(Overview.text());
        return USAGE;
    }

    private int command(String name, List<String> args) {
        if (name.equals("help")) {
            return args.isEmpty() ? dispatch(List.of("--help")) : command(args.getFirst(), List.of("--help"));
        }
        Optional<Command> command = Commands.named(name);
        if (command.isEmpty()) {
            return usage(
                    "unknown command " + name
                            + Nearest.hint(name, Commands.descriptions().keySet()),
                    "");
        }
        Syntax syntax = new Syntax();
        command.get().describe(syntax);
        Globals.describe(syntax);
        try {
            Arguments given = ArgumentParser.parse(syntax, args);
            if (given.has("--help")) {
                out.print(HelpText.of("wharf " + name, syntax));
                return 0;
            }
            ArgumentParser.check(syntax, given);
            return run(command.get(), given);
        } catch (UsageException e) {
            return usage(e.getMessage() == null ? "" : e.getMessage(), " " + name);
        }
    }

    private int run(Command command, Arguments given) {
        Globals globals = Globals.of(given, environment);
        try (Session session = new Session(globals, out, err)) {
            return command.run(given, session);
        } catch (UsageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            out.flush();
            err.println("wharf: " + Complaint.of(e, globals));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int usage(String problem, String command) {
        err.println("wharf: " + problem + "; see: wharf" + command + " --help");
        return USAGE;
    }
}
