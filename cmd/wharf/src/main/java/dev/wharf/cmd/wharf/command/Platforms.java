package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.core.oci.Platform;

/** The options {@code --platform} and {@code --snapshotter}. */
final class Platforms {
    private Platforms() {}

    static void describe(Syntax syntax) {
        syntax.value("OS/ARCH[/VARIANT]", "for this platform instead of this machine's", "--platform");
        syntax.value("NAME", "where roots are made [the namespace's, overlayfs]", "--snapshotter");
    }

    static Platform of(Arguments given) {
        String text = given.text("--platform");
        return text.isEmpty() ? Platform.host() : Platform.parse(text);
    }
}
