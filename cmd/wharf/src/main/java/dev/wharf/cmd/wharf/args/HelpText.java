package dev.wharf.cmd.wharf.args;

import java.util.ArrayList;
import java.util.List;

/** The help of a command in lines of at most 80 columns. */
public final class HelpText {
    private static final int WIDTH = 80;
    private static final int INDENT = 6;
    private static final int COLUMN = 30;
    private static final int GAP = 2;

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    /** The help of a command of this name. */
    public static String of(String name, Syntax syntax) {
        HelpText help = new HelpText();
        help.paragraph(0, usage(name, syntax), INDENT);
        help.paragraph(0, syntax.description(), 0);
        help.text.append('\n');
        syntax.parameters().forEach(parameter -> help.entry("  " + parameter.label(), parameter.description()));
        syntax.options().forEach(option -> help.entry(names(option), option.description()));
        return help.text.toString();
    }

    /** One line on how to call it. */
    static String usage(String name, Syntax syntax) {
        StringBuilder usage = new StringBuilder("Usage: ").append(name).append(" [OPTIONS]");
        for (Syntax.Parameter parameter : syntax.parameters()) {
            String all = parameter.label() + (parameter.many() ? "..." : "");
            usage.append(' ').append(parameter.atLeast() > 0 ? all : "[" + all + "]");
        }
        return usage.toString();
    }

    /** The names of an option in its column: those of one letter first. */
    static String names(Syntax.Option option) {
        String all = String.join(", ", option.names());
        String inset = option.names().getFirst().startsWith("--") ? "      " : "  ";
        return inset + all + (option.takesValue() ? " " + option.label() : "");
    }

    private void entry(String names, String description) {
        text.append(names);
        int gap = COLUMN - names.length();
        if (gap < GAP) {
            text.append('\n').repeat(' ', COLUMN);
        } else {
            text.repeat(' ', gap);
        }
        paragraph(COLUMN, description, COLUMN);
    }

    /** Text that begins in a column, and goes on in another where it needs more lines. */
    private void paragraph(int column, String words, int further) {
        int at = column;
        for (String line : lines(words, WIDTH - column, WIDTH - further)) {
            if (at != column) {
                text.repeat(' ', further);
            }
            text.append(line).append('\n');
            at = -1;
        }
    }

    private static List<String> lines(String words, int first, int further) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ", -1)) {
            int width = lines.isEmpty() ? first : further;
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
