package dev.wharf.cmd.wharfd;

import dev.wharf.cmd.wharfd.config.LoadedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The command line, taken apart. Flags are read as Go reads them: with one dash or two, the value behind a space or an
 * equals sign, before the command that they belong to.
 */
record Options(Command command, Map<Flag, String> flags) {
    static final Path DEFAULT_CONFIG = Path.of("/etc/containerd/config.toml");

    static final String HELP = """
            wharfd - containerd's daemon, in Java

            usage: wharfd [flags]                                run the daemon
                   wharfd [flags] config default|dump|migrate    print the configuration as TOML, version 4
                   wharfd [flags] publish --topic T --namespace N
                                                                 publish the event on stdin (google.protobuf.Any)

            flags:
              -c, --config FILE       configuration file (/etc/containerd/config.toml, if it exists)
              -a, --address PATH      main socket (gRPC); the ttRPC socket is PATH.ttrpc
              -l, --log-level LEVEL   trace, debug, info, warn, error, fatal or panic
                  --root DIR          what must outlive a restart
                  --state DIR         what need not outlive a reboot
              -h, --help              print this
              -v, --version           print the version
            """;

    /** What is to be done. */
    enum Command {
        RUN,
        CONFIG_DEFAULT,
        CONFIG_DUMP,
        CONFIG_MIGRATE,
        PUBLISH,
        HELP,
        VERSION
    }

    /** What can be said with dashes. */
    enum Flag {
        CONFIG("config", "c", true),
        ADDRESS("address", "a", true),
        LOG_LEVEL("log-level", "l", true),
        ROOT("root", "", true),
        STATE("state", "", true),
        HELP("help", "h", false),
        VERSION("version", "v", false),
        TOPIC("topic", "", true),
        NAMESPACE("namespace", "", true);

        private final String longName;
        private final String shortName;
        private final boolean takesValue;

        Flag(String longName, String shortName, boolean takesValue) {
            this.longName = longName;
            this.shortName = shortName;
            this.takesValue = takesValue;
        }

        static Flag named(String name, String typed) {
            for (Flag flag : values()) {
                if (name.equals(flag.longName) || !name.isEmpty() && name.equals(flag.shortName)) {
                    return flag;
                }
            }
            throw new UsageException("unknown flag " + typed + ", see wharfd --help");
        }
    }

    /** A command line that cannot be understood. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    Options {
        flags = Map.copyOf(flags);
    }

    static Options parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Map<Flag, String> flags = new EnumMap<>(Flag.class);
        Deque<String> words = new ArrayDeque<>();
        while (!rest.isEmpty()) {
            String next = rest.removeFirst();
            if (next.startsWith("-") && next.length() > 1) {
                flag(next, rest, flags);
            } else {
                words.add(next);
            }
        }
        return new Options(command(words, flags), flags);
    }

    private static void flag(String typed, Deque<String> rest, Map<Flag, String> flags) {
        String name = typed.substring(typed.startsWith("--") ? 2 : 1);
        int equals = name.indexOf('=');
        Flag flag = Flag.named(equals < 0 ? name : name.substring(0, equals), typed);
        if (equals >= 0 && flag.takesValue) {
            flags.put(flag, name.substring(equals + 1));
        } else if (!flag.takesValue) {
            flags.put(flag, "");
        } else if (rest.isEmpty()) {
            throw new UsageException("flag " + typed + " needs a value");
        } else {
            flags.put(flag, rest.removeFirst());
        }
    }

    private static Command command(Deque<String> words, Map<Flag, String> flags) {
        if (flags.containsKey(Flag.HELP)) {
            return Command.HELP;
        }
        if (flags.containsKey(Flag.VERSION)) {
            return Command.VERSION;
        }
        String line = String.join(" ", words);
        return switch (line) {
            case "" -> Command.RUN;
            case "help", "h" -> Command.HELP;
            case "publish" -> Command.PUBLISH;
            case "config default", "config dump", "config migrate" ->
                Command.valueOf(line.replace(' ', '_').toUpperCase(Locale.ROOT));
            default -> throw new UsageException("unknown command '" + line + "', see wharfd --help");
        };
    }

    Optional<String> flag(Flag flag) {
        return Optional.ofNullable(flags.get(flag));
    }

    /** The file that is to be read: the one named, or the usual one where it exists. */
    Optional<Path> configFile() {
        Optional<Path> named = flag(Flag.CONFIG).map(Path::of);
        return named.isPresent() ? named : Optional.of(DEFAULT_CONFIG).filter(Files::exists);
    }

    LoadedConfig.Overrides overrides() {
        return new LoadedConfig.Overrides(flag(Flag.ADDRESS), flag(Flag.ROOT), flag(Flag.STATE), flag(Flag.LOG_LEVEL));
    }
}
