package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.args.UsageException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options every command has. They may stand before the command or after it.
 *
 * @param namespace whose objects are seen
 * @param address path of the daemon's socket
 * @param json whether to print JSON instead of tables
 */
public record Globals(String namespace, String address, boolean json) {
    /** Where the daemon listens unless told otherwise. */
    public static final String DEFAULT_ADDRESS = "/run/containerd/containerd.sock";

    private static final String DEFAULT_NAMESPACE = "default";

    /** Whether this option takes a value in the next argument. */
    public static boolean takesValue(String option) {
        return switch (option) {
            case "-n", "--namespace", "-a", "--address", "--format" -> true;
            default -> false;
        };
    }

    /** Adds the options to those of a command. */
    public static void describe(Syntax syntax) {
        syntax.value("NAME", "whose objects are seen [CONTAINERD_NAMESPACE, default]", "-n", "--namespace");
        syntax.value(
                "SOCKET", "where the daemon listens [CONTAINERD_ADDRESS, " + DEFAULT_ADDRESS + "]", "-a", "--address");
        syntax.value("FORMAT", "how to print lists: table or json", "--format");
        syntax.flag("this help", "-h", "--help");
    }

    /** What was given, else what the environment says, else the defaults. */
    public static Globals of(Arguments given, Map<String, String> environment) {
        String format = given.text("--format", "table");
        if (!format.equals("table") && !format.equals("json")) {
            throw new UsageException("--format is table or json, not \"" + format + "\"");
        }
        return new Globals(
                given.text("--namespace", or(environment.get("CONTAINERD_NAMESPACE"), DEFAULT_NAMESPACE)),
                given.text("--address", or(environment.get("CONTAINERD_ADDRESS"), DEFAULT_ADDRESS)),
                format.equals("json"));
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
