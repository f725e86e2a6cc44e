package dev.wharf.cmd.wharf.args;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What may stand on the command line of one command, and what it means. Built by the command, in the order of its help. */
public final class Syntax {
    private final List<Option> options = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private String description = "";
    private boolean optionsEndAtParameter;

    /**
     * An option.
     *
     * @param names all of them, dashes included
     * @param label what its value is, in capitals; empty for a flag, which has none
     * @param description what it is for
     * @param repeats whether several values are kept instead of the last
     */
    public record Option(List<String> names, String label, String description, boolean repeats) {
        public Option {
            names = List.copyOf(names);
        }

        /** Whether it has a value. */
        public boolean takesValue() {
            return !label.isEmpty();
        }

        /** The name it is known by: its longest. */
        public String key() {
            return names.getLast();
        }
    }

    /**
     * What stands for itself.
     *
     * @param label what it is, in capitals
     * @param description what it is for
     * @param atLeast how many there must be
     * @param many whether there may be any number
     */
    public record Parameter(String label, String description, int atLeast, boolean many) {}

    /** Says what the command does. */
    public void description(String text) {
        description = text;
    }

    /** Lets all that follows the first parameter be parameters: a command line for somebody else. */
    public void optionsEndAtParameter() {
        optionsEndAtParameter = true;
    }

    /** Adds an option without a value. */
    public void flag(String text, String... names) {
        options.add(new Option(List.of(names), "", text, false));
    }

    /** Adds an option with a value, the last of which counts. */
    public void value(String label, String text, String... names) {
        options.add(new Option(List.of(names), label, text, false));
    }

    /** Adds an option that may be given several times. */
    public void values(String label, String text, String... names) {
        options.add(new Option(List.of(names), label, text, true));
    }

    /** Adds a parameter, which must be given. */
    public void parameter(String label, String text) {
        parameters.add(new Parameter(label, text, 1, false));
    }

    /** Adds any number of parameters, the last ones. */
    public void parameters(int atLeast, String label, String text) {
        parameters.add(new Parameter(label, text, atLeast, true));
    }

    /** What the command does. */
    public String description() {
        return description;
    }

    /** Its options. */
    public List<Option> options() {
        return List.copyOf(options);
    }

    /** Its parameters. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    boolean endsOptionsAtParameter() {
        return optionsEndAtParameter;
    }

    Optional<Option> option(String name) {
        for (Option option : options) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    Set<String> optionNames() {
        Set<String> names = new LinkedHashSet<>();
        options.forEach(option -> names.addAll(option.names()));
        return names;
    }
}
