package dev.wharf.cmd.wharf.command;

import dev.wharf.client.run.RemoveContainer;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;

/** {@code wharf rm}. */
final class RmCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Removes containers with their tasks and roots.");
        syntax.flag("kill what runs", "-f", "--force");
        syntax.parameters(1, "CONTAINER", "id of a container");
    }

    @Override
    public int run(Arguments given, Session session) {
        RemoveContainer remove = new RemoveContainer(session.client());
        for (String id : given.parameters(0)) {
            remove.run(session.ctx(), id, given.has("--force"));
            session.out().println(id);
        }
        return 0;
    }
}
