package dev.wharf.cmd.wharf.args;

import java.util.Map;
import java.util.stream.Collectors;

/** What bash is told to complete command lines by; zsh takes it after {@code bashcompinit}. */
public final class CompletionScript {
    private CompletionScript() {}

    /**
     * The script for a program.
     *
     * @param commands by name
     * @param known what lists values of a parameter, by the parameter's label: arguments of the program
     */
    public static String bash(String program, Map<String, Syntax> commands, Map<String, String> known) {
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
                .append(String.join(" ", commands.keySet()))
                .append(" help' ;;\n");
        commands.forEach((name, syntax) -> script.append("        ")
                .append(name)
                .append(") words=\"")
                .append(words(program, syntax, known))
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

    private static String words(String program, Syntax syntax, Map<String, String> known) {
        String options = syntax.options().stream().map(Syntax.Option::key).collect(Collectors.joining(" "));
        String lists = syntax.parameters().stream()
                .map(parameter -> known.getOrDefault(parameter.label(), ""))
                .filter(arguments -> !arguments.isEmpty())
                .map(arguments -> " $(" + program + " " + arguments + " 2> /dev/null)")
                .collect(Collectors.joining());
        return options + lists;
    }
}
