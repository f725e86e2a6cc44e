package dev.wharf.cmd.wharf.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Short ways to describe options and to read them. */
final class Options {
    private Options() {}

    static void flag(CommandSpec spec, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .build());
    }

    static void value(CommandSpec spec, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build());
    }

    static void values(CommandSpec spec, String label, String description, String... names) {
        spec.addOption(OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build());
    }

    static void parameter(CommandSpec spec, String index, String label, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .index(index)
                .type(String.class)
                .arity("1")
                .required(true)
                .paramLabel(label)
                .description(description)
                .build());
    }

    static void parameters(CommandSpec spec, String index, String arity, String label, String description) {
        spec.addPositional(PositionalParamSpec.builder()
                .index(index)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity(arity)
                .required(!arity.startsWith("0"))
                .paramLabel(label)
                .description(description)
                .build());
    }

    static boolean has(ParseResult given, String option) {
        return given.matchedOptionValue(option, Boolean.FALSE);
    }

    static String text(ParseResult given, String option) {
        return text(given, option, "");
    }

    static String text(ParseResult given, String option, String otherwise) {
        return given.matchedOptionValue(option, otherwise);
    }

    static List<String> texts(ParseResult given, String option) {
        return given.matchedOptionValue(option, List.of());
    }

    static String parameter(ParseResult given, int index) {
        return given.matchedPositionalValue(index, "");
    }

    static List<String> parameters(ParseResult given, int index) {
        return given.matchedPositionalValue(index, List.of());
    }
}
