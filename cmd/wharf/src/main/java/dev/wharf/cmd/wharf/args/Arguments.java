package dev.wharf.cmd.wharf.args;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A command line, as its {@link Syntax} reads it. Options are asked for by their longest names. */
public final class Arguments {
    private final Map<String, List<String>> options = new HashMap<>();
    private final List<String> parameters = new ArrayList<>();

    Arguments() {}

    /** Whether an option was given. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** The last value of an option, or empty. */
    public String text(String option) {
        return text(option, "");
    }

    /** The last value of an option, or another. */
    public String text(String option, String otherwise) {
        List<String> values = options.getOrDefault(option, List.of());
        return values.isEmpty() ? otherwise : values.getLast();
    }

    /** All values of an option, in their order. */
    public List<String> texts(String option) {
        return List.copyOf(options.getOrDefault(option, List.of()));
    }

    /** A parameter, or empty. */
    public String parameter(int index) {
        return index < parameters.size() ? parameters.get(index) : "";
    }

    /** The parameters from one on. */
    public List<String> parameters(int from) {
        return from < parameters.size() ? List.copyOf(parameters.subList(from, parameters.size())) : List.of();
    }

    void option(Syntax.Option option, String value) {
        options.computeIfAbsent(option.key(), unused -> new ArrayList<>()).add(value);
    }

    void parameter(String value) {
        parameters.add(value);
    }

    int parameterCount() {
        return parameters.size();
    }
}
