package dev.wharf.cmd.wharfd.config;

import java.util.List;

/**
 * {@code io.containerd.metadata.v1.bolt}: what is known of everything.
 *
 * @param sharesContent whether a namespace may take a blob another one has without sending it again
 * @param noSync whether commits are not waited for; a crash of the machine may then lose the last ones
 */
public record MetadataConfig(boolean sharesContent, boolean noSync) {
    static MetadataConfig read(Section section) {
        return new MetadataConfig(
                section.choice("content_sharing_policy", "shared", List.of("shared", "isolated"))
                        .equals("shared"),
                section.flag("no_sync", false));
    }
}
