package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;

/** {@code wharf completion}. */
final class CompletionCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Prints what a shell completes command lines of wharf by. In bash and zsh: source"
                + " <(wharf completion SHELL), in fish: wharf completion fish | source");
        syntax.parameters(0, "SHELL", "bash, zsh or fish [bash]");
    }

    @Override
    public int run(Arguments given, Session session) {
        String shell = String.join(" ", given.parameters(0));
        session.out()
                .print(
                        switch (shell) {
                            case "", "bash" -> Commands.completions().bash();
                            case "zsh" -> Commands.completions().zsh();
                            case "fish" -> Commands.completions().fish();
                            default -> throw new UsageException("SHELL is bash, zsh or fish, not \"" + shell + "\"");
                        });
        return 0;
    }
}
