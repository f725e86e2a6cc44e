package dev.wharf.cmd.wharfd.config;

import dev.wharf.core.oci.Platform;
import java.util.List;

/**
 * {@code io.containerd.runtime.v2.task}.
 *
 * @param platforms what containers can run here
 */
public record TaskRuntimeConfig(List<String> platforms) {
    static TaskRuntimeConfig read(Section section) {
        return new TaskRuntimeConfig(
                section.texts("platforms", List.of(Platform.host().toString())));
    }
}
