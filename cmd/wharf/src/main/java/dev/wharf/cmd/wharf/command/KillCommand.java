package dev.wharf.cmd.wharf.command;

import dev.wharf.core.runtime.Task;
import dev.wharf.lib.linux.Signal;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf kill}. */
final class KillCommand implements Command {
    private static final String STOP_SIGNAL = "io.containerd.image.config.stop-signal";

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Sends a signal to the first process of containers, or to all processes.");
        Options.value(spec, "SIGNAL", "name or number [the image's stop signal, SIGTERM]", "-s", "--signal");
        Options.flag(spec, "all processes of the container", "--all");
        Options.parameters(spec, "0..*", "1..*", "CONTAINER", "id of a container");
    }

    @Override
    public int run(ParseResult given, Session session) {
        String asked = Options.text(given, "--signal");
        for (String id : Options.parameters(given, 0)) {
            Task task = session.client().tasks().get(session.ctx(), id);
            task.kill(
                    session.ctx(), "", number(asked.isEmpty() ? own(session, id) : asked), Options.has(given, "--all"));
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
