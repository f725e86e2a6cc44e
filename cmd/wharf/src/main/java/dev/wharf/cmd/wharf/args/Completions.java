package dev.wharf.cmd.wharf.args;

import java.util.Map;

/**
 * What a shell completes command lines by.
 *
 * @param program its name
 * @param summaries a line on each command, by its name
 * @param commands what each takes, by its name
 * @param known what lists values of a parameter, by the parameter's label: arguments of the program
 */
public record Completions(
        String program, Map<String, String> summaries, Map<String, Syntax> commands, Map<String, String> known) {
    /** For bash. */
    public String bash() {
        return BashCompletion.of(this);
    }

    /** For zsh, as a file {@code _program} on its {@code fpath}. */
    public String zsh() {
        return ZshCompletion.of(this);
    }

    /** For fish. */
    public String fish() {
        return FishCompletion.of(this);
    }

    /** What a shell runs to list the values of a parameter; empty where nothing lists them. */
    String list(Syntax.Parameter parameter) {
        String arguments = known.get(parameter.label());
        return arguments == null ? "" : program + " " + arguments + " 2> /dev/null";
    }

    /** Whether values of this kind are names of files. */
    static boolean isPath(String label) {
        return switch (label) {
            case "FILE", "DIRECTORY", "SOCKET" -> true;
            default -> false;
        };
    }
}
