package dev.wharf.cmd.wharf;

import dev.wharf.cmd.wharf.args.Completions;
import dev.wharf.cmd.wharf.args.ManualPage;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.command.Commands;
import dev.wharf.cmd.wharf.command.Globals;
import dev.wharf.cmd.wharf.command.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the manual page and the completions of {@code wharf} below a {@code share} directory; the build runs it. */
public final class Manuals {
    private static final String SHARED = "Options of all commands; they may stand before the command or after it."
            + " --version prints the version of this program, --help after a command the options of that command.";

    private static final String ENDING = """
            .SH EXIT STATUS
            .BR run " and " exec
            end with the exit code of the process in the container. Otherwise: 0 for success, 1 for what failed, 2 for
            a command line that cannot be meant.
            .SH ENVIRONMENT
            .TP
            .B CONTAINERD_ADDRESS
            where the daemon listens
            .TP
            .B CONTAINERD_NAMESPACE
            whose objects are seen
            .TP
            .BR HTTPS_PROXY ", " HTTP_PROXY ", " NO_PROXY
            proxies, where the daemon has no Transfer service and
            .B wharf
            fetches images itself
            .TP
            .B WHARF_JAVA_OPTS
            further options for the Java virtual machine
            .SH FILES
            .TP
            .I /run/containerd/containerd.sock
            the socket of the daemon; beside it, with the suffix
            .IR .ttrpc ,
            that of ttRPC, which is used where it exists
            .TP
            .I ~/.docker/config.json
            credentials for registries, and the helpers that have them
            .SH SEE ALSO
            .BR wharfd (8),
            .BR containerd\\-shim\\-wharf\\-v1 (8),
            .BR ctr (8)
            """;

    private Manuals() {}

    /** Writes them; the one argument is the directory. */
    public static void main(String[] args) throws IOException {
        Path share = Path.of(args[0]);
        Completions completions = Commands.completions();
        write(share.resolve("man/man1/wharf.1"), page());
        write(share.resolve("bash-completion/completions/wharf"), completions.bash());
        write(share.resolve("zsh/site-functions/_wharf"), completions.zsh());
        write(share.resolve("fish/vendor_completions.d/wharf.fish"), completions.fish());
    }

    /** The page wharf(1). */
    static String page() {
        Syntax shared = new Syntax();
        shared.description(SHARED);
        Globals.describe(shared);
        return ManualPage.of(
                "wharf", "run containers and fetch images", Versions.own(), shared, Commands.syntaxes(), ENDING);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
