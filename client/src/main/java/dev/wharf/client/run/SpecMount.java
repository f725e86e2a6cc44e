package dev.wharf.client.run;

import java.util.List;

/**
 * A mount in a container (OCI runtime specification, Mounts).
 *
 * @param type e.g. {@code bind}
 * @param source what is mounted
 * @param destination an absolute path in the container
 * @param options e.g. {@code rbind}, {@code ro}
 */
public record SpecMount(String type, String source, String destination, List<String> options) {
    public SpecMount {
        options = List.copyOf(options);
    }
}
