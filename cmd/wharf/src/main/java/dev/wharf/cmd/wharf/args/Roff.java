package dev.wharf.cmd.wharf.args;

/** Text of a manual page as the man macros of roff take it. Source: groff_man(7). */
final class Roff {
    private final StringBuilder text = new StringBuilder();

    /** A macro, with what follows it on its line already written as roff. */
    Roff macro(String name, String rest) {
        text.append('.')
                .append(name)
                .append(rest.isEmpty() ? "" : " ")
                .append(rest)
                .append('\n');
        return this;
    }

    /** A paragraph's words, as they are. */
    Roff words(String words) {
        text.append(plain(words)).append('\n');
        return this;
    }

    /** A line that is roff already. */
    Roff line(String roff) {
        text.append(roff).append('\n');
        return this;
    }

    /** An argument of a macro. */
    static String quoted(String words) {
        return '"' + escaped(words).replace("\"", "\\(dq") + '"';
    }

    static String bold(String words) {
        return "\\fB" + escaped(words) + "\\fR";
    }

    static String italic(String words) {
        return "\\fI" + escaped(words) + "\\fR";
    }

    /** Words that begin a line, where a dot or a quote would make a macro of them. */
    private static String plain(String words) {
        String safe = escaped(words);
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }

    /** A hyphen is to stay one that can be copied into a shell. */
    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
