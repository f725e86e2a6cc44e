package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.CompletionScript;
import dev.wharf.cmd.wharf.args.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code wharf completion}. */
final class CompletionCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Prints what bash completes command lines of wharf by: source <(wharf completion)");
    }

    @Override
    public int run(Arguments given, Session session) {
        Map<String, Syntax> all = new LinkedHashMap<>();
        for (String name : Commands.descriptions().keySet()) {
            Commands.named(name).ifPresent(command -> {
                Syntax syntax = new Syntax();
                command.describe(syntax);
                Globals.describe(syntax);
                all.put(name, syntax);
            });
        }
        session.out().print(CompletionScript.bash("wharf", all, Map.of("CONTAINER", "ps -q", "IMAGE", "images -q")));
        return 0;
    }
}
