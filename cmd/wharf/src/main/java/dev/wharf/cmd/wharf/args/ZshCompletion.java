package dev.wharf.cmd.wharf.args;

/** The function zsh completes command lines by. Source: zshcompsys(1), {@code _arguments}. */
final class ZshCompletion {
    private final Completions completions;
    private final StringBuilder script = new StringBuilder();

    private ZshCompletion(Completions completions) {
        this.completions = completions;
    }

    static String of(Completions completions) {
        return new ZshCompletion(completions).script();
    }

    private String script() {
        String program = completions.program();
        script.append("#compdef ").append(program).append("\n_").append(program).append("() {\n");
        script.append("    local state\n    local -a commands=(\n");
        completions
                .summaries()
                .forEach((name, summary) -> script.append("        ")
                        .append(quoted(name + ":" + summary))
                        .append('\n'));
        script.append(
                "    )\n    _arguments -C '(-n --namespace)'{-n,--namespace}'[whose objects are seen]:NAME: ' \\\n");
        script.append("        '(-a --address)'{-a,--address}'[where the daemon listens]:SOCKET:_files' \\\n");
        script.append("        '--format[how to print lists]:FORMAT:(table json)' \\\n");
        script.append("        '1: :->command' '*:: :->arguments'\n");
        script.append("    case $state in\n        command) _describe command commands ;;\n");
        script.append("        arguments)\n            case $words[1] in\n");
        completions.commands().forEach(this::command);
        script.append("            esac ;;\n    esac\n}\n");
        // Whether the file is sourced or called as a function of fpath for the first time.
        return script.append("if [ \"$funcstack[1]\" = _")
                .append(program)
                .append(" ]; then _")
                .append(program)
                .append(" \"$@\"; else compdef _")
                .append(program)
                .append(' ')
                .append(program)
                .append("; fi\n")
                .toString();
    }

    private void command(String name, Syntax syntax) {
        script.append("                ").append(name).append(") _arguments -s -S");
        syntax.options().forEach(option -> next().append(option(option)));
        for (Syntax.Parameter parameter : syntax.parameters()) {
            next().append(parameter(parameter));
        }
        script.append(" ;;\n");
    }

    private StringBuilder next() {
        return script.append(" \\\n                    ");
    }

    private static String option(Syntax.Option option) {
        StringBuilder spec = new StringBuilder();
        boolean several = option.names().size() > 1;
        if (option.repeats()) {
            spec.append("'*'");
        } else if (several) {
            spec.append("'(").append(String.join(" ", option.names())).append(")'");
        }
        String names = String.join(",", option.names());
        spec.append(several ? "{" + names + "}" : names);
        String value = option.takesValue()
                ? ":" + message(option.label()) + ":" + (Completions.isPath(option.label()) ? "_files" : " ")
                : "";
        return spec.append(quoted("[" + explanation(option.description()) + "]" + value))
                .toString();
    }

    private String parameter(Syntax.Parameter parameter) {
        String list = completions.list(parameter);
        String action = list.isEmpty() ? "_files" : "{compadd -- $(" + list + ")}";
        return quoted((parameter.many() ? "*:" : ":") + message(parameter.label()) + ":" + action);
    }

    private static String explanation(String words) {
        return words.replace("[", "\\[").replace("]", "\\]");
    }

    private static String message(String words) {
        return words.replace(":", "\\:");
    }

    private static String quoted(String words) {
        return "'" + words.replace("'", "'\\''") + "'";
    }
}
