package dev.wharf.cmd.wharf.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

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
    public static void describe(CommandSpec spec) {
        Options.value(spec, "NAME", "whose objects are seen [CONTAINERD_NAMESPACE, default]", "-n", "--namespace");
        Options.value(
                spec,
                "SOCKET",
                "where the daemon listens [CONTAINERD_ADDRESS, " + DEFAULT_ADDRESS + "]",
                "-a",
                "--address");
        Options.value(spec, "FORMAT", "how to print lists: table or json", "--format");
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("this help")
                .build());
    }

    /** What was given, else what the environment says, else the defaults. */
    public static Globals of(ParseResult given, Map<String, String> environment) {
        String format = Options.text(given, "--format", "table");
        if (!format.equals("table") && !format.equals("json")) {
            throw new UsageException("--format is table or json, not \"" + format + "\"");
        }
        return new Globals(
                Options.text(given, "--namespace", or(environment.get("CONTAINERD_NAMESPACE"), DEFAULT_NAMESPACE)),
                Options.text(given, "--address", or(environment.get("CONTAINERD_ADDRESS"), DEFAULT_ADDRESS)),
                format.equals("json"));
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
