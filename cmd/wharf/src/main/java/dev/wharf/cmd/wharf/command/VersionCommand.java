package dev.wharf.cmd.wharf.command;

import dev.wharf.client.ServerVersion;
import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.output.JsonText;
import java.util.Map;
import java.util.TreeMap;

/** {@code wharf version}. */
final class VersionCommand implements Command {
    @Override
    public void describe(Syntax syntax) {
        syntax.description("Tells the versions of this program and of the daemon.");
    }

    @Override
    public int run(Arguments given, Session session) {
        ServerVersion server = session.client().version();
        String transport = session.client().transport().text();
        if (session.globals().json()) {
            session.out()
                    .println(JsonText.of(new TreeMap<>(Map.of(
                            "client", Versions.own(),
                            "server", server.version(),
                            "revision", server.revision(),
                            "transport", transport,
                            "address", session.globals().address()))));
            return 0;
        }
        session.out().println("client    " + Versions.own());
        String revision = server.revision().isEmpty() ? "" : " (" + server.revision() + ")";
        session.out().println("server    " + server.version() + revision);
        session.out().println("address   " + session.globals().address() + " (" + transport + ")");
        return 0;
    }
}
