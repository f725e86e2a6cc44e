package dev.wharf.cmd.wharf.args;

import java.util.Map;
import java.util.stream.Collectors;

/** The page for man(1) of a program with commands, made from the same {@link Syntax} as its help. */
public final class ManualPage {
    private final String program;
    private final Roff roff = new Roff();

    private ManualPage(String program) {
        this.program = program;
    }

    /**
     * The page.
     *
     * @param purpose a few words on the program
     * @param version of the program
     * @param shared options that all commands take
     * @param commands what each takes besides, by name
     * @param ending further sections, as roff
     */
    public static String of(
            String program,
            String purpose,
            String version,
            Syntax shared,
            Map<String, Syntax> commands,
            String ending) {
        ManualPage page = new ManualPage(program);
        page.beginning(purpose, version);
        page.options(shared);
        page.roff.macro("SH", "COMMANDS");
        commands.forEach(page::command);
        return page.roff + ending;
    }

    private void beginning(String purpose, String version) {
        roff.macro(
                        "TH",
                        Roff.quoted(program.toUpperCase(java.util.Locale.ROOT)) + " 1 \"\" "
                                + Roff.quoted(program + " " + version))
                .macro("SH", "NAME")
                .words(program + " - " + purpose)
                .macro("SH", "SYNOPSIS")
                .line(Roff.bold(program) + " [" + Roff.italic("OPTIONS") + "] " + Roff.italic("COMMAND") + " ["
                        + Roff.italic("OPTIONS") + "] [" + Roff.italic("ARGUMENTS") + "]");
    }

    private void options(Syntax syntax) {
        roff.macro("SH", "OPTIONS").words(syntax.description());
        syntax.options().forEach(this::option);
    }

    private void command(String name, Syntax syntax) {
        roff.macro("SS", Roff.quoted(program + " " + name))
                .line(Roff.bold(program + " " + name) + " [" + Roff.italic("OPTIONS") + "]" + parameters(syntax))
                .macro("PP", "")
                .words(syntax.description());
        for (Syntax.Parameter parameter : syntax.parameters()) {
            roff.macro("TP", "").line(Roff.italic(parameter.label())).words(parameter.description());
        }
        syntax.options().forEach(this::option);
    }

    private static String parameters(Syntax syntax) {
        return syntax.parameters().stream()
                .map(parameter -> {
                    String all = Roff.italic(parameter.label()) + (parameter.many() ? "..." : "");
                    return " " + (parameter.atLeast() > 0 ? all : "[" + all + "]");
                })
                .collect(Collectors.joining());
    }

    private void option(Syntax.Option option) {
        String names = option.names().stream().map(Roff::bold).collect(Collectors.joining(", "));
        roff.macro("TP", "")
                .line(names + (option.takesValue() ? " " + Roff.italic(option.label()) : ""))
                .words(option.description());
    }
}
