package dev.wharf.cmd.wharf.args;

import java.util.Iterator;
import java.util.List;

/**
 * Reads command lines as people know them: {@code --name value}, {@code --name=value}, {@code -n value}, {@code -nvalue},
 * flags in one word ({@code -it}), and {@code --}, after which all are parameters (POSIX, Utility Syntax Guidelines).
 */
public final class ArgumentParser {
    private final Syntax syntax;
    private final Arguments read = new Arguments();

    private ArgumentParser(Syntax syntax) {
        this.syntax = syntax;
    }

    /** Reads a command line; {@link UsageException} for what the syntax does not allow. */
    public static Arguments parse(Syntax syntax, List<String> line) {
        ArgumentParser parser = new ArgumentParser(syntax);
        parser.all(line.iterator());
        return parser.read;
    }

    /** Whether every parameter that must be there was given; {@link UsageException} that names the first missing one. */
    public static void check(Syntax syntax, Arguments given) {
        int needed = 0;
        for (Syntax.Parameter parameter : syntax.parameters()) {
            needed += parameter.atLeast();
            if (given.parameterCount() < needed) {
                throw new UsageException(parameter.label() + " is missing");
            }
        }
    }

    private void all(Iterator<String> words) {
        boolean options = true;
        while (words.hasNext()) {
            String word = words.next();
            if (options && word.equals("--")) {
                options = false;
            } else if (options && word.length() > 1 && word.startsWith("-")) {
                option(word, words);
            } else {
                parameter(word);
                options = options && !syntax.endsOptionsAtParameter();
            }
        }
    }

    private void parameter(String word) {
        List<Syntax.Parameter> known = syntax.parameters();
        boolean many = !known.isEmpty() && known.getLast().many();
        if (!many && read.parameterCount() == known.size()) {
            throw new UsageException("unexpected argument " + word);
        }
        read.parameter(word);
    }

    private void option(String word, Iterator<String> rest) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        Syntax.Option option = syntax.option(name).orElse(null);
        if (option == null) {
            letters(word, name, rest);
        } else if (!option.takesValue()) {
            if (equals >= 0) {
                throw new UsageException("option " + name + " takes no value");
            }
            read.option(option, "");
        } else if (equals >= 0) {
            read.option(option, word.substring(equals + 1));
        } else {
            read.option(option, next(option, name, rest));
        }
    }

    /** Several flags in one word, the last of which may be an option with its value. */
    private void letters(String word, String name, Iterator<String> rest) {
        if (word.startsWith("--")) {
            throw unknown(name);
        }
        for (int i = 1; i < word.length(); i++) {
            String letter = "-" + word.charAt(i);
            Syntax.Option option = syntax.option(letter)
                    .orElseThrow(
                            () -> unknown(word.length() == 2 || letter.equals("-" + word.charAt(1)) ? name : letter));
            if (option.takesValue()) {
                String value = word.substring(i + 1);
                read.option(option, value.isEmpty() ? next(option, letter, rest) : value);
                return;
            }
            read.option(option, "");
        }
    }

    private static String next(Syntax.Option option, String name, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new UsageException("option " + name + " needs a value: " + option.label());
        }
        return rest.next();
    }

    private UsageException unknown(String name) {
        return new UsageException("unknown option " + name + Nearest.hint(name, syntax.optionNames()));
    }
}
