package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values of {@code --env}. */
final class Environment {
    private Environment() {}

    /** Variables as {@code NAME=value}; a name alone takes its value from {@code own}, or is left out if it has none. */
    static List<String> of(List<String> given, Map<String, String> own) {
        List<String> variables = new ArrayList<>();
        for (String variable : given) {
            if (variable.startsWith("=") || variable.isEmpty()) {
                throw new UsageException("--env \"" + variable + "\" has no name: give NAME=VALUE");
            }
            if (variable.indexOf('=') > 0) {
                variables.add(variable);
            } else if (own.containsKey(variable)) {
                variables.add(variable + "=" + own.get(variable));
            }
        }
        return variables;
    }
}
