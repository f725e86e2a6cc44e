package dev.wharf.cmd.wharf.args;

/** The script fish completes command lines by. */
final class FishCompletion {
    private final Completions completions;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(Completions completions) {
        this.completions = completions;
    }

    static String of(Completions completions) {
        FishCompletion fish = new FishCompletion(completions);
        fish.script.append(fish.commandFunction());
        fish.script.append("complete -c ").append(completions.program()).append(" -f\n");
        completions.summaries().forEach(fish::command);
        completions.commands().forEach(fish::words);
        return fish.script.toString();
    }

    /** Tells the command on the command line; nothing before there is one. */
    private String commandFunction() {
        return """
                function __PROGRAM_command
                    set -l skip 0
                    for word in (commandline -opc)[2..-1]
                        if test $skip = 1
                            set skip 0
                            continue
                        end
                        switch $word
                            case -n --namespace -a --address --format
                                set skip 1
                            case '-*'
                            case '*'
                                echo $word
                                return
                        end
                    end
                    echo -
                end
                """.replace("PROGRAM", completions.program());
    }

    private void command(String name, String summary) {
        begin("-")
                .append(" -a ")
                .append(name)
                .append(" -d ")
                .append(quoted(summary))
                .append('\n');
    }

    private void words(String name, Syntax syntax) {
        for (Syntax.Option option : syntax.options()) {
            begin(name);
            option.names().forEach(this::optionName);
            if (option.takesValue()) {
                script.append(Completions.isPath(option.label()) ? " -r -F" : " -x");
            }
            script.append(" -d ").append(quoted(option.description())).append('\n');
        }
        for (Syntax.Parameter parameter : syntax.parameters()) {
            String list = completions.list(parameter);
            if (!list.isEmpty()) {
                begin(name).append(" -a ").append(quoted("(" + list + ")")).append('\n');
            } else if (Completions.isPath(parameter.label())) {
                begin(name).append(" -F\n");
            }
        }
    }

    private void optionName(String name) {
        script.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }

    /** What holds for this command. */
    private StringBuilder begin(String command) {
        String program = completions.program();
        return script.append("complete -c ")
                .append(program)
                .append(" -n ")
                .append(quoted("test (__" + program + "_command) = " + command));
    }

    private static String quoted(String words) {
        return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
