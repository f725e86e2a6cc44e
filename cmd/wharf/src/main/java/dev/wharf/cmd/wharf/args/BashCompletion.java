package dev.wharf.cmd.wharf.args;

import java.util.stream.Collectors;

/** The script bash completes command lines by. */
final class BashCompletion {
    private BashCompletion() {}

    static String of(Completions completions) {
        String program = completions.program();
        StringBuilder script = new StringBuilder();
        script.append("_").append(program).append("() {\n");
        script.append("    local word command= skip= words=\n");
        script.append("    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n");
        script.append("        if [ -n \"$skip\" ]; then skip=; continue; fi\n");
        script.append("        case $word in\n");
        script.append("            -n|--namespace|-a|--address|--format) skip=1 ;;\n");
        script.append("            -*) ;;\n");
        script.append("            *) command=$word; break ;;\n");
        script.append("        esac\n");
        script.append("    done\n");
        script.append("    case $command in\n");
        script.append("        '') words='")
                .append(String.join(" ", completions.commands().keySet()))
                .append(" help' ;;\n");
        completions
                .commands()
                .forEach((name, syntax) -> script.append("        ")
                        .append(name)
                        .append(") words=\"")
                        .append(words(completions, syntax))
                        .append("\" ;;\n"));
        script.append("    esac\n");
        script.append("    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n");
        script.append("}\n");
        return script.append("complete -o default -F _")
                .append(program)
                .append(' ')
                .append(program)
                .append('\n')
                .toString();
    }

    private static String words(Completions completions, Syntax syntax) {
        String options = syntax.options().stream().map(Syntax.Option::key).collect(Collectors.joining(" "));
        String lists = syntax.parameters().stream()
                .map(completions::list)
                .filter(list -> !list.isEmpty())
                .map(list -> " $(" + list + ")")
                .collect(Collectors.joining());
        return options + lists;
    }
}
