package dev.wharf.cmd.wharfd.config;

import java.util.List;

/**
 * {@code io.containerd.service.v1.diff-service}.
 *
 * @param differs ids of the differs that are asked, the first that can does it
 * @param syncFs whether what was applied is made durable before the answer
 */
public record DiffConfig(List<String> differs, boolean syncFs) {
    static DiffConfig read(Section section) {
        return new DiffConfig(section.texts("default", List.of("walking")), section.flag("sync_fs", false));
    }
}
