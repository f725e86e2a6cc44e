package dev.wharf.cmd.wharf.command;

import dev.wharf.client.image.ImportImage;
import dev.wharf.cmd.wharf.io.Streams;
import dev.wharf.cmd.wharf.output.ProgressView;
import dev.wharf.core.images.Image;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code wharf load}. */
final class LoadCommand implements Command {
    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Brings in the images of an archive (OCI layout, or as docker save writes it) and unpacks"
                        + " them.");
        Platforms.describe(spec);
        Options.parameter(spec, "0", "FILE", "the archive; - for standard input");
    }

    @Override
    public int run(ParseResult given, Session session) throws IOException {
        String file = Options.parameter(given, 0);
        if (file.equals("-") && Streams.inputIsTerminal()) {
            throw new UsageException("standard input is a terminal: name a file, or pipe an archive in");
        }
        if (!file.equals("-") && !Files.isReadable(Path.of(file))) {
            throw new IOException("cannot read " + file + ": there is no such file, or it may not be read");
        }
        String snapshotter = session.snapshotter(Options.text(given, "--snapshotter"));
        try (InputStream archive = file.equals("-") ? System.in : new FileInputStream(file);
                ProgressView progress = new ProgressView(session.err(), Streams.errorIsTerminal())) {
            ImportImage load = new ImportImage(session.client(), Platforms.of(given), snapshotter, progress);
            for (Image image : load.run(session.ctx(), archive)) {
                session.out().println(image.name() + " " + image.target().digest());
            }
        }
        return 0;
    }
}
