package dev.wharf.cmd.wharfd.config;

import java.util.List;
import java.util.Map;

/**
 * {@code [proxy_plugins.NAME]}: a plugin in a process of its own.
 *
 * @param type its type, short or full
 * @param address its socket
 * @param platform the platform it is for; empty for this machine's
 * @param exports facts shown to clients
 * @param capabilities what it can
 */
public record ProxyPluginConfig(
        String type, String address, String platform, Map<String, String> exports, List<String> capabilities) {
    static ProxyPluginConfig read(Section section) {
        return new ProxyPluginConfig(
                section.text("type", ""),
                section.text("address", ""),
                section.text("platform", ""),
                section.textTable("exports"),
                section.texts("capabilities", List.of()));
    }
}
