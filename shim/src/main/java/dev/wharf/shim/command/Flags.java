package dev.wharf.shim.command;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Flags in Go's form, {@code -name value}, {@code --name=value}, and the action behind them. */
final class Flags {
    /** Without a value. */
    static final Set<String> SWITCHES = Set.of("debug", "one-namespace", "v", "version", "info");

    /** With one. */
    static final Set<String> VALUES =
            Set.of("namespace", "id", "socket", "debug-socket", "bundle", "address", "publish-binary", "ready-fd");

    /** Those that only the launcher gives. */
    static final Set<String> INTERNAL = Set.of("one-namespace", "ready-fd");

    private final Map<String, String> given = new HashMap<>();
    private String action = "";

    private Flags() {}

    /** Reads a command line; a {@link UsageException} names what is wrong with it. */
    static Flags parse(List<String> arguments) {
        Flags flags = new Flags();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext() && flags.action.isEmpty()) {
            String argument = rest.next();
            if (argument.equals("--")) {
                flags.action = rest.hasNext() ? rest.next() : "";
            } else if (argument.length() > 1 && argument.startsWith("-")) {
                flags.add(argument, rest);
            } else {
                flags.action = argument;
            }
        }
        return flags;
    }

    private void add(String argument, Iterator<String> rest) {
        String text = argument.substring(argument.startsWith("--") ? 2 : 1);
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        if (SWITCHES.contains(name)) {
            given.put(name, equals < 0 ? "true" : text.substring(equals + 1));
        } else if (!VALUES.contains(name)) {
            throw new UsageException("flag provided but not defined: -" + name);
        } else if (equals >= 0) {
            given.put(name, text.substring(equals + 1));
        } else if (rest.hasNext()) {
            given.put(name, rest.next());
        } else {
            throw new UsageException("flag needs an argument: -" + name);
        }
    }

    /** The word behind the flags; empty where there is none. */
    String action() {
        return action;
    }

    /** Whether a switch is on. */
    boolean on(String name) {
        return Set.of("true", "1", "t", "T", "TRUE", "True").contains(given.getOrDefault(name, ""));
    }

    /** A flag's value; empty where it is not given or empty. */
    Optional<String> value(String name) {
        return Optional.ofNullable(given.get(name)).filter(text -> !text.isEmpty());
    }

    /** A flag's value that must be there. */
    String required(String name) {
        return value(name).orElseThrow(() -> new UsageException("shim " + name + " cannot be empty"));
    }

    /** A command line that makes no sense. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
