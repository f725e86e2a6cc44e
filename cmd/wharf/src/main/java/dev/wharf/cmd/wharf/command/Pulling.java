package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ClientTransfers;
import dev.wharf.client.image.ImageNames;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.cmd.wharf.io.Streams;
import dev.wharf.cmd.wharf.output.ProgressView;
import dev.wharf.cmd.wharf.pull.ClientCredentials;
import dev.wharf.cmd.wharf.pull.SingleHostRegistries;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.RegistryAccess;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.UnpackRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pulls an image and shows how it goes on standard error. The daemon pulls, if it can; credentials stay here and are
 * asked for over a stream.
 *
 * @param platforms for which; none: all
 * @param unpacked which of these are unpacked
 * @param snapshotter into which
 * @param access how the registry is reached
 */
record Pulling(List<Platform> platforms, List<Platform> unpacked, String snapshotter, RegistryAccess access) {
    private static final String PLAIN = "http";

    /** Adds the options on how to reach a registry. */
    static void describe(Syntax syntax) {
        syntax.flag("speak to the registry without encryption", "--plain-http");
        syntax.value(
                "NAME:PASSWORD", "who asks the registry [what docker login left in config.json]", "--registry-user");
        syntax.value("DIRECTORY", "where hosts.toml files are [the daemon's]", "--hosts-dir");
    }

    /** How to reach a registry. */
    static RegistryAccess access(Arguments given, String user) {
        Optional<RegistryAccess.Secret> named =
                user.isEmpty() ? Optional.empty() : Optional.of(ClientCredentials.secret(user));
        if (!user.isEmpty() && user.indexOf(':') < 1) {
            throw new UsageException("a registry's user is NAME:PASSWORD, not \"" + user + "\"");
        }
        String hosts = given.text("--hosts-dir");
        return new RegistryAccess(
                Map.of(),
                hosts.isEmpty() ? "" : Path.of(hosts).toAbsolutePath().toString(),
                given.has("--plain-http") ? PLAIN : "",
                new ClientCredentials(named, System.getenv()));
    }

    Image run(Session session, String name) {
        String full = ImageNames.full(name);
        List<UnpackRequest> unpacks = unpacked.stream()
                .map(platform -> new UnpackRequest(platform, snapshotter))
                .toList();
        TransferEnd source = new TransferEnd.Registry(full, access);
        TransferEnd destination = new TransferEnd.Store(full, Map.of(), platforms, false, 0, List.of(), unpacks);
        try (ProgressView progress = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            ClientTransfers.of(
                            session.client(),
                            () -> new SingleHostRegistries("wharf/" + Versions.own()),
                            warning -> session.err().println("wharf: " + warning))
                    .transfer(session.ctx(), source, destination, progress);
        }
        return session.client().images().get(session.ctx(), full);
    }
}
