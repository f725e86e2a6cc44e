package dev.wharf.cmd.shim.bundle;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.UserNamespace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How owners of files are shown through a mount, by the options {@code uidmap=} and {@code gidmap=} that containerd
 * gives a mount: {@code inside:outside:count}, several separated by commas.
 *
 * @param uids as lines of {@code inside outside count}
 * @param gids as lines of {@code inside outside count}
 */
record OwnerMapping(String uids, String gids) {
    private static final String UIDS = "uidmap=";
    private static final String GIDS = "gidmap=";

    static boolean isAskedFor(List<String> options) {
        return options.stream().anyMatch(OwnerMapping::isOption);
    }

    private static boolean isOption(String option) {
        return option.startsWith(UIDS) || option.startsWith(GIDS);
    }

    static OwnerMapping of(List<String> options) {
        return new OwnerMapping(lines(options, UIDS), lines(options, GIDS));
    }

    /** The options without those of the mapping, which the kernel does not know. */
    static List<String> otherOptions(List<String> options) {
        return options.stream().filter(option -> !isOption(option)).toList();
    }

    private static String lines(List<String> options, String name) {
        return options.stream()
                .filter(option -> option.startsWith(name))
                .flatMap(option -> Arrays.stream(option.substring(name.length()).split(",", -1)))
                .map(OwnerMapping::line)
                .collect(Collectors.joining("\n"));
    }

    private static String line(String mapping) {
        if (!mapping.matches("[0-9]+:[0-9]+:[0-9]+")) {
            throw new IllegalArgumentException("not a mapping of owners: " + mapping);
        }
        return mapping.replace(':', ' ');
    }

    /** A user namespace with this mapping, by descriptor. */
    Fd namespace() {
        if (uids.isEmpty() || gids.isEmpty()) {
            throw new IllegalArgumentException("a mount that maps owners needs both uidmap and gidmap");
        }
        return UserNamespace.create(uids, gids);
    }
}
