package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.core.images.Image;
import java.util.Optional;

/** {@code wharf rmi}. */
final class RmiCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Removes images; what nothing else refers to is collected by the daemon.");
        syntax.parameters(1, "IMAGE", "name of an image, short or full");
    }

    @Override
    public int run(Arguments given, Session session) {
        for (String name : given.parameters(0)) {
            Image image = new ImageFinder(session).require(name);
            session.client().images().delete(session.ctx(), image.name(), Optional.empty());
            session.out().println(image.name());
        }
        return 0;
    }
}
