package dev.wharf.cmd.shim.bundle;

import dev.wharf.shim.ShimException;
import java.util.regex.Pattern;

/**
 * What names a container in this process: ids alone are unique within a namespace only.
 *
 * @param namespace of the container
 * @param id of the container
 */
public record ContainerKey(String namespace, String id) {
    /** What can be one part of a path; containerd itself asks for more. */
    private static final Pattern FORM = Pattern.compile("[^/\\x00-\\x1f.][^/\\x00-\\x1f]{0,199}");

    /** Refuses names that could mean another path. */
    public ContainerKey {
        requireIdentifier(namespace);
        if (namespace.contains(",")) {
            throw ShimException.invalidArgument("namespace \"" + namespace + "\" has a comma");
        }
        requireIdentifier(id);
    }

    /** Refuses what is no identifier. */
    public static void requireIdentifier(String name) {
        if (!FORM.matcher(name).matches()) {
            throw ShimException.invalidArgument("identifier \"" + name + "\" is no name of a file");
        }
    }

    /** As one name of a file; no namespace has a comma. */
    public String fileName() {
        return namespace + "," + id;
    }
}
