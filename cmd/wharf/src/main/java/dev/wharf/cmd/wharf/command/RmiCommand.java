package dev.wharf.cmd.wharf.command;

import dev.wharf.core.images.Image;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf rmi}. */
final class RmiCommand implements Command {
    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Removes images; what nothing else refers to is collected by the daemon.");
        Options.parameters(spec, "0..*", "1..*", "IMAGE", "name of an image, short or full");
    }

    @Override
    public int run(ParseResult given, Session session) {
        for (String name : Options.parameters(given, 0)) {
            Image image = new ImageFinder(session).require(name);
            session.client().images().delete(session.ctx(), image.name(), Optional.empty());
            session.out().println(image.name());
        }
        return 0;
    }
}
