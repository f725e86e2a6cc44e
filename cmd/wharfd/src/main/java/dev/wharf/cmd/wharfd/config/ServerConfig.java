package dev.wharf.cmd.wharfd.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a daemon.
 *
 * @param root what must outlive a restart
 * @param state what need not outlive a reboot
 * @param temp directory for temporary files, or empty for the system's
 * @param disabledPlugins URIs of plugins that are left out
 * @param requiredPlugins URIs of plugins without which the daemon must not run
 * @param oomScore the process's oom_score_adj; 0 leaves it alone
 * @param log what is logged
 * @param cgroup the cgroup the daemon moves to, or empty
 * @param timeouts limits of calls that leave the daemon
 * @param streamProcessors programs that turn layers into others
 * @param proxyPlugins plugins in processes of their own
 * @param plugins the record of each plugin's section by URI
 */
public record ServerConfig(
        Path root,
        Path state,
        String temp,
        Set<String> disabledPlugins,
        Set<String> requiredPlugins,
        int oomScore,
        LogConfig log,
        String cgroup,
        Timeouts timeouts,
        Map<String, StreamProcessorConfig> streamProcessors,
        Map<String, ProxyPluginConfig> proxyPlugins,
        Map<String, Object> plugins) {
    /** The version of config.toml this daemon writes, and the newest it reads. */
    public static final int VERSION = 4;

    static ServerConfig read(Section section) {
        section.integer("version", VERSION, 0, VERSION);
        ServerConfig config = new ServerConfig(
                directory(section, "root", "/var/lib/containerd"),
                directory(section, "state", "/run/containerd"),
                section.text("temp", ""),
                uris(section, "disabled_plugins"),
                uris(section, "required_plugins"),
                section.integer("oom_score", 0, -1000, 1000),
                log(section),
                cgroup(section),
                timeouts(section),
                section.each("stream_processors", StreamProcessorConfig::read),
                section.each("proxy_plugins", ProxyPluginConfig::read),
                PluginSections.read(section.child("plugins")));
        section.texts("imports", List.of());
        if (config.root.equals(config.state)) {
            section.problems().error(section.at("state"), "state", "root and state must be different paths");
        }
        mentionUnused(section, config);
        section.finish();
        return config;
    }

    /** What containerd has and this daemon takes no notice of yet must not be silently ignored. */
    private static void mentionUnused(Section section, ServerConfig config) {
        if (!config.cgroup.isEmpty()) {
            section.problems()
                    .warn(section.at("cgroup"), "cgroup.path", "has no effect: the daemon moves to no cgroup");
        }
        for (String name : config.proxyPlugins.keySet()) {
            section.problems()
                    .warn(
                            section.at("proxy_plugins"),
                            "proxy_plugins." + name,
                            "has no effect: proxy plugins are not built in");
        }
    }

    private static Path directory(Section section, String key, String fallback) {
        String text = section.text(key, fallback);
        if (!text.startsWith("/")) {
            section.problems().error(section.at(key), key, "must be an absolute path, is '" + text + "'");
            return Path.of(fallback);
        }
        return Path.of(text).normalize();
    }

    private static Set<String> uris(Section section, String key) {
        List<String> uris = section.texts(key, List.of());
        for (String uri : uris) {
            if (!uri.contains(".")) {
                section.problems()
                        .error(
                                section.at(key),
                                key,
                                "'" + uri + "' is no plugin URI, write it in full, like io.containerd.grpc.v1.cri");
            }
        }
        return Set.copyOf(uris);
    }

    private static LogConfig log(Section section) {
        Section debug = section.child("debug");
        LogConfig log = LogConfig.read(debug);
        debug.finish();
        return log;
    }

    private static String cgroup(Section section) {
        Section cgroup = section.child("cgroup");
        String path = cgroup.text("path", "");
        cgroup.finish();
        return path;
    }

    private static Timeouts timeouts(Section section) {
        Section table = section.child("timeouts");
        Timeouts timeouts = Timeouts.read(table);
        table.finish();
        return timeouts;
    }

    /** The record of the section of the plugin with this URI. */
    public <C> C plugin(String uri, Class<C> as) {
        Object found = plugins.get(uri);
        if (!as.isInstance(found)) {
            throw new IllegalArgumentException("the section of " + uri + " is no " + as.getSimpleName());
        }
        return as.cast(found);
    }

    /** The main socket. */
    public GrpcConfig grpc() {
        return plugin(PluginSections.GRPC, GrpcConfig.class);
    }

    /** The socket for shims. */
    public TtrpcConfig ttrpc() {
        return plugin(PluginSections.TTRPC, TtrpcConfig.class);
    }
}
