package dev.wharf.cmd.wharf.command;

import dev.wharf.core.images.Image;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf pull}. */
final class PullCommand implements Command {
    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Fetches an image from a registry and unpacks it.");
        Options.flag(spec, "speak to the registry without encryption", "--plain-http");
        Options.value(spec, "NAME:PASSWORD", "who asks the registry", "-u", "--user");
        Platforms.describe(spec);
        Options.parameter(spec, "0", "IMAGE", "name of the image, e.g. busybox or ghcr.io/owner/image:tag");
    }

    @Override
    public int run(ParseResult given, Session session) {
        Pulling pulling = new Pulling(
                Platforms.of(given),
                session.snapshotter(Options.text(given, "--snapshotter")),
                Options.text(given, "--user"),
                Options.has(given, "--plain-http"));
        Image image = pulling.run(session, Options.parameter(given, 0));
        session.out().println(image.name() + " " + image.target().digest());
        return 0;
    }
}
