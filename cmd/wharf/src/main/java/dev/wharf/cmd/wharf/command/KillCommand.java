package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.core.runtime.Task;
import dev.wharf.lib.linux.Signal;
import java.util.OptionalInt;

/** {@code wharf kill}. */
final class KillCommand implements Command {
    private static final String STOP_SIGNAL = "io.containerd.image.config.stop-signal";

    @Override
    public void describe(Syntax syntax) {
        syntax.description("Sends a signal to the first process of containers, or to all processes.");
        syntax.value("SIGNAL", "name or number [the image's stop signal, SIGTERM]", "-s", "--signal");
        syntax.flag("all processes of the container", "--all");
        syntax.parameters(1, "CONTAINER", "id of a container");
    }

    @Override
    public int run(Arguments given, Session session) {
        String asked = given.text("--signal");
        for (String id : given.parameters(0)) {
            Task task = session.client().tasks().get(session.ctx(), id);
            task.kill(session.ctx(), "", number(asked.isEmpty() ? own(session, id) : asked), given.has("--all"));
        }
        return 0;
    }

    private static String own(Session session, String id) {
        return session.client().containers().get(session.ctx(), id).labels().getOrDefault(STOP_SIGNAL, "SIGTERM");
    }

    private static int number(String signal) {
        OptionalInt number = Signal.parse(signal);
        return number.orElseThrow(() ->
                new UsageException("there is no signal \"" + signal + "\": give a number, or a name such as SIGTERM"));
    }
}
