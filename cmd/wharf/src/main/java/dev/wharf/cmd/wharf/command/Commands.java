package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Completions;
import dev.wharf.cmd.wharf.args.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The list of commands. */
public final class Commands {
    private Commands() {}

    /** The command of this name; only its class is loaded. */
    public static Optional<Command> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "completion" -> new CompletionCommand();
                    case "exec" -> new ExecCommand();
                    case "images" -> new ImagesCommand();
                    case "kill" -> new KillCommand();
                    case "load" -> new LoadCommand();
                    case "ps" -> new PsCommand();
                    case "pull" -> new PullCommand();
                    case "rm" -> new RmCommand();
                    case "rmi" -> new RmiCommand();
                    case "run" -> new RunCommand();
                    case "version" -> new VersionCommand();
                    default -> null;
                });
    }

    /** All commands with a line on each. */
    public static Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("run", "start a container from an image");
        all.put("exec", "start another process in a running container");
        all.put("ps", "list containers and what runs in them");
        all.put("kill", "send a signal to a container");
        all.put("rm", "remove containers");
        all.put("pull", "fetch an image from a registry");
        all.put("load", "bring in the images of an archive");
        all.put("images", "list images");
        all.put("rmi", "remove images");
        all.put("version", "tell the versions of this program and of the daemon");
        all.put("completion", "print what a shell completes command lines by");
        return all;
    }

    /** What each command takes, by its name, without what all of them take. */
    public static Map<String, Syntax> syntaxes() {
        Map<String, Syntax> all = new LinkedHashMap<>();
        for (String name : descriptions().keySet()) {
            named(name).ifPresent(command -> {
                Syntax syntax = new Syntax();
                command.describe(syntax);
                all.put(name, syntax);
            });
        }
        return all;
    }

    /** What a shell completes command lines by. */
    public static Completions completions() {
        Map<String, Syntax> all = syntaxes();
        all.values().forEach(Globals::describe);
        return new Completions("wharf", descriptions(), all, Map.of("CONTAINER", "ps -q", "IMAGE", "images -q"));
    }
}
