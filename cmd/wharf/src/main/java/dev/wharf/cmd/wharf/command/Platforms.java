package dev.wharf.cmd.wharf.command;

import dev.wharf.core.oci.Platform;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options {@code --platform} and {@code --snapshotter}. */
final class Platforms {
    private Platforms() {}

    static void describe(CommandSpec spec) {
        Options.value(spec, "OS/ARCH[/VARIANT]", "for this platform instead of this machine's", "--platform");
        Options.value(spec, "NAME", "where roots are made [the namespace's, overlayfs]", "--snapshotter");
    }

    static Platform of(ParseResult given) {
        String text = Options.text(given, "--platform");
        return text.isEmpty() ? Platform.host() : Platform.parse(text);
    }
}
