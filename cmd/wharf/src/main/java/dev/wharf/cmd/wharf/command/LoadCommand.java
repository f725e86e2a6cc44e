package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ClientTransfers;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import dev.wharf.cmd.wharf.io.Streams;
import dev.wharf.cmd.wharf.output.ProgressView;
import dev.wharf.cmd.wharf.pull.SingleHostRegistries;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.transfer.ImageReference;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.transfer.TransferEnd;
import dev.wharf.core.transfer.UnpackRequest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** {@code wharf load}. */
final class LoadCommand implements Command {
    private static final String SAVED = "saved";

    @Override
    public void describe(Syntax syntax) {
        syntax.description(
                "Brings in the images of an archive (OCI layout, or as docker save writes it) and unpacks" + " them.");
        syntax.values(
                "OS/ARCH[/VARIANT]", "for this platform instead of this machine's; may be repeated", "--platform");
        syntax.flag("what there is for all platforms", "--all-platforms");
        syntax.flag("only store it", "--no-unpack");
        syntax.value("NAME", "where roots are made [the namespace's, overlayfs]", "--snapshotter");
        syntax.value("NAME", "names what has only a tag [import-DATE]", "--base-name");
        syntax.flag("names the whole, and what has no tag, by digest", "--digests");
        syntax.parameter("FILE", "the archive; - for standard input");
    }

    @Override
    public int run(Arguments given, Session session) throws IOException {
        String file = given.parameter(0);
        if (file.equals("-") && Streams.inputIsTerminal()) {
            throw new UsageException("standard input is a terminal: name a file, or pipe an archive in");
        }
        if (!file.equals("-") && !Files.isReadable(Path.of(file))) {
            throw new IOException("cannot read " + file + ": there is no such file, or it may not be read");
        }
        TransferEnd.Store store = store(given, session.snapshotter(given.text("--snapshotter")));
        Set<String> saved = new ConcurrentSkipListSet<>();
        try (InputStream archive = file.equals("-") ? System.in : new FileInputStream(file);
                ProgressView view = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            Progress.Listener progress = step -> {
                if (step.event().equals(SAVED)) {
                    saved.add(step.name());
                }
                view.on(step);
            };
            ClientTransfers.of(
                            session.client(),
                            () -> new SingleHostRegistries("wharf/" + Versions.own()),
                            warning -> session.err().println("wharf: " + warning))
                    .transfer(session.ctx(), new TransferEnd.ImportArchive(archive, "", false), store, progress);
        }
        if (saved.isEmpty()) {
            throw new IOException("the archive names no image that was asked for: name them with --digests");
        }
        List<Image> images = saved.stream()
                .map(name -> session.client().images().get(session.ctx(), name))
                .toList();
        session.printImages(images);
        return 0;
    }

    private static TransferEnd.Store store(Arguments given, String snapshotter) {
        boolean all = given.has("--all-platforms");
        if (all && given.has("--platform")) {
            throw new UsageException("--all-platforms does not go with --platform: give one of them");
        }
        List<Platform> named =
                given.texts("--platform").stream().map(Platform::parse).toList();
        List<Platform> wanted = named.isEmpty() ? List.of(Platform.host()) : named;
        List<UnpackRequest> unpacks = given.has("--no-unpack")
                ? List.of()
                : wanted.stream()
                        .map(platform -> new UnpackRequest(platform, snapshotter))
                        .toList();
        String base = given.text("--base-name", "import-" + LocalDate.now(Clock.system(ZoneOffset.UTC)));
        ImageReference names = new ImageReference(base, true, true, given.has("--digests"), true);
        return new TransferEnd.Store("", Map.of(), all ? List.of() : wanted, false, 0, List.of(names), unpacks);
    }
}
