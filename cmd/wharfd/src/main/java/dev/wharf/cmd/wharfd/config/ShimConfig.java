package dev.wharf.cmd.wharfd.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code io.containerd.shim.v1.manager}.
 *
 * @param env what is added to the environment of shims, {@code NAME=value} each
 * @param socketDir directory of shim sockets, or empty for {@code /run/containerd/s}
 * @param builtinRunc whether {@code io.containerd.runc.v2} is served by wharf's own shim and not by the one on PATH; a
 *     key of wharf's own
 */
public record ShimConfig(List<String> env, String socketDir, boolean builtinRunc) {
    /** Longest directory with which a socket's path (a slash and 64 digits more) still fits the kernel's limit. */
    private static final int LONGEST_DIR = 42;

    static ShimConfig read(Section section) {
        List<String> env = section.texts("env", List.of());
        for (String entry : env) {
            if (entry.indexOf('=') < 1) {
                section.problems().error(section.at("env"), section.name("env"), "'" + entry + "' is not NAME=value");
            }
        }
        return new ShimConfig(env, socketDir(section), section.flag("builtin_runc", true));
    }

    private static String socketDir(Section section) {
        String dir = section.text("socket_dir", "");
        if (dir.length() > LONGEST_DIR) {
            section.problems()
                    .error(
                            section.at("socket_dir"),
                            section.name("socket_dir"),
                            "must have at most " + LONGEST_DIR + " characters, has " + dir.length());
        }
        return dir;
    }

    /** The environment by name; entries that are errors are left out. */
    public Map<String, String> environment() {
        return env.stream()
                .filter(entry -> entry.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        entry -> entry.substring(0, entry.indexOf('=')),
                        entry -> entry.substring(entry.indexOf('=') + 1),
                        (_, last) -> last));
    }
}
