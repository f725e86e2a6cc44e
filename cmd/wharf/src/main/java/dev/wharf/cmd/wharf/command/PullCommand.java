package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.core.oci.Platform;
import java.util.List;

/** {@code wharf pull}. */
final class PullCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Fetches an image from a registry and unpacks it.");
        syntax.value("NAME:PASSWORD", "who asks the registry [what docker login left in config.json]", "-u", "--user");
        syntax.flag("speak to the registry without encryption", "--plain-http");
        syntax.value("DIRECTORY", "where hosts.toml files are [the daemon's]", "--hosts-dir");
        syntax.values(
                "OS/ARCH[/VARIANT]", "for this platform instead of this machine's; may be repeated", "--platform");
        syntax.flag("what there is for all platforms", "--all-platforms");
        syntax.flag("only fetch it", "--no-unpack");
        syntax.value("NAME", "where roots are made [the namespace's, overlayfs]", "--snapshotter");
        syntax.parameter("IMAGE", "name of the image, e.g. busybox or ghcr.io/owner/image:tag");
    }

    @Override
    public int run(Arguments given, Session session) {
        boolean all = given.has("--all-platforms");
        if (all && given.has("--platform")) {
            throw new UsageException("--all-platforms does not go with --platform: give one of them");
        }
        List<Platform> named =
                given.texts("--platform").stream().map(Platform::parse).toList();
        List<Platform> wanted = named.isEmpty() ? List.of(Platform.host()) : named;
        Pulling pulling = new Pulling(
                all ? List.of() : wanted,
                given.has("--no-unpack") ? List.of() : wanted,
                session.snapshotter(given.text("--snapshotter")),
                Pulling.access(given, given.text("--user")));
        session.printImages(List.of(pulling.run(session, given.parameter(0))));
        return 0;
    }
}
