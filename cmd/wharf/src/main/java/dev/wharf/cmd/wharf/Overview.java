package dev.wharf.cmd.wharf;

import dev.wharf.cmd.wharf.command.Commands;
import dev.wharf.cmd.wharf.command.Globals;

/** What {@code wharf --help} prints. */
final class Overview {
    private static final int COLUMN = 12;

    private Overview() {}

    static String text() {
        StringBuilder text = new StringBuilder("Usage: wharf [-n NAMESPACE] [-a SOCKET] COMMAND [OPTIONS]\n\n");
        Commands.descriptions()
                .forEach((name, description) -> text.append("  ")
                        .append(name)
                        .repeat(' ', COLUMN - name.length())
                        .append(description)
                        .append('\n'));
        return text.append("\nOptions of all commands:\n")
                .append("  -n, --namespace NAME   whose objects are seen [CONTAINERD_NAMESPACE, default]\n")
                .append("  -a, --address SOCKET   where the daemon listens [CONTAINERD_ADDRESS,\n")
                .append("                         ")
                .append(Globals.DEFAULT_ADDRESS)
                .append("]\n")
                .append("      --format FORMAT    table or json\n")
                .append("  -h, --help             help on wharf, or on a command\n")
                .append("  -v, --version          version of this program\n")
                .toString();
    }
}
