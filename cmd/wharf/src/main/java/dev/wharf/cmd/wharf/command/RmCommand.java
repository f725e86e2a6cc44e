package dev.wharf.cmd.wharf.command;

import dev.wharf.client.run.RemoveContainer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf rm}. */
final class RmCommand implements Command {
    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Removes containers with their tasks and roots.");
        Options.flag(spec, "kill what runs", "-f", "--force");
        Options.parameters(spec, "0..*", "1..*", "CONTAINER", "id of a container");
    }

    @Override
    public int run(ParseResult given, Session session) {
        RemoveContainer remove = new RemoveContainer(session.client());
        for (String id : Options.parameters(given, 0)) {
            remove.run(session.ctx(), id, Options.has(given, "--force"));
            session.out().println(id);
        }
        return 0;
    }
}
