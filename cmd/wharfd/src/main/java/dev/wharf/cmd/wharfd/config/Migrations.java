package dev.wharf.cmd.wharfd.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file's tree to the current version, a version at a time.
 *
 * <p>What moves keeps the place it was written at. A section that is already there under its new name wins. Version 3
 * renamed only sections of the CRI, which is not built in: its sections stay as they are.
 */
final class Migrations {
    private static final String PREFIX = "io.containerd.";

    /** Plugins that version 1 knew by their id alone. Source: contract 3.2. */
    private static final Map<String, String> SHORT_NAMES = Map.ofEntries(
            Map.entry("cri", "grpc.v1.cri"),
            Map.entry("cgroups", "monitor.v1.cgroups"),
            Map.entry("linux", "runtime.v1.linux"),
            Map.entry("scheduler", "gc.v1.scheduler"),
            Map.entry("bolt", "metadata.v1.bolt"),
            Map.entry("task", "runtime.v2.task"),
            Map.entry("opt", "internal.v1.opt"),
            Map.entry("restart", "internal.v1.restart"),
            Map.entry("tracing", "internal.v1.tracing"),
            Map.entry("otlp", "tracing.processor.v1.otlp"),
            Map.entry("aufs", "snapshotter.v1.aufs"),
            Map.entry("btrfs", "snapshotter.v1.btrfs"),
            Map.entry("devmapper", "snapshotter.v1.devmapper"),
            Map.entry("native", "snapshotter.v1.native"),
            Map.entry("overlayfs", "snapshotter.v1.overlayfs"),
            Map.entry("zfs", "snapshotter.v1.zfs"));

    private final Node.Table file;
    private final Problems problems;

    private Migrations(Node.Table file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Changes the tree of a file of this version to one of the current version. */
    static void apply(Node.Table file, int version, Problems problems) {
        Migrations migrations = new Migrations(file, problems);
        if (version < 2) {
            migrations.fullNames();
        }
        if (version < 4) {
            migrations.renamedPlugins();
            migrations.coreScheduling();
            migrations.servers();
        }
    }

    private void fullNames() {
        file.table("plugins").ifPresent(plugins -> {
            Map<String, Node> old = Map.copyOf(plugins.entries());
            List<String> order = List.copyOf(plugins.entries().keySet());
            plugins.entries().clear();
            order.forEach(name -> plugins.entries().put(fullName(name, at(old.get(name))), require(old.get(name))));
        });
        fullNames("disabled_plugins");
        fullNames("required_plugins");
    }

    private void fullNames(String key) {
        if (file.get(key) instanceof Node.Items items) {
            List<Node> full = new ArrayList<>();
            for (Node node : items.nodes()) {
                full.add(
                        node instanceof Node.Scalar scalar && scalar.value() instanceof String name
                                ? new Node.Scalar(fullName(name, node.at()), node.at())
                                : node);
            }
            file.entries().put(key, new Node.Items(full, items.at()));
        }
    }

    private String fullName(String name, Position at) {
        if (name.contains(".")) {
            return name;
        }
        String known = SHORT_NAMES.get(name);
        if (known != null) {
            return PREFIX + known;
        }
        if (name.endsWith("-service")) {
            return PREFIX + "service.v1." + name;
        }
        String full = PREFIX + (name.startsWith("windows") ? "snapshotter.v1." : "grpc.v1.") + name;
        problems.warn(at, name, "ambiguous plugin name in a version 1 file, taken as " + full);
        return full;
    }

    private static Position at(@Nullable Node node) {
        return node == null ? Position.DEFAULT : node.at();
    }

    private static Node require(@Nullable Node node) {
        if (node == null) {
            throw new IllegalStateException("a table lost an entry while it was read");
        }
        return node;
    }

    private void renamedPlugins() {
        file.table("plugins").ifPresent(plugins -> {
            move(plugins, PREFIX + "monitor.v1.cgroups", plugins, PREFIX + "monitor.task.v1.cgroups");
            move(plugins, PREFIX + "internal.v1.restart", plugins, PREFIX + "monitor.container.v1.restart");
        });
    }

    private void coreScheduling() {
        Node.Table plugins = file.table("plugins").orElse(null);
        Node.Table runtime = plugins == null
                ? null
                : plugins.table(PREFIX + "runtime.v2.task").orElse(null);
        if (plugins == null || runtime == null) {
            return;
        }
        Node sched = runtime.entries().remove("sched_core");
        if (sched instanceof Node.Scalar scalar && scalar.value().equals(true)) {
            Node env = new Node.Items(List.of(new Node.Scalar("SCHED_CORE=1", sched.at())), sched.at());
            plugins.ensure(PREFIX + "shim.v1.manager").entries().putIfAbsent("env", env);
        }
    }

    private void servers() {
        Node.Table grpc = file.table("grpc").orElseGet(() -> new Node.Table(file.at()));
        Node.Table ttrpc = file.table("ttrpc").orElseGet(() -> new Node.Table(file.at()));
        inheritTtrpc(grpc, ttrpc);
        section("debug", PREFIX + "server.v1.debug", Map.of("address", "address", "uid", "uid", "gid", "gid"));
        tcp(grpc);
        section(
                "grpc",
                PluginSections.GRPC,
                Map.of(
                        "address", "address",
                        "uid", "uid",
                        "gid", "gid",
                        "max_recv_message_size", "max_recv_message_size",
                        "max_send_message_size", "max_send_message_size"));
        section("ttrpc", PluginSections.TTRPC, Map.of("address", "address", "uid", "uid", "gid", "gid"));
        section("metrics", PREFIX + "metrics.v1.grpc-prometheus", Map.of("grpc_histogram", "grpc_histogram"));
        section("metrics", PREFIX + "server.v1.metrics", Map.of("address", "address"));
    }

    /** Below version 4 the ttRPC socket stood beside the gRPC one and belonged to the same user unless said otherwise. */
    private void inheritTtrpc(Node.Table grpc, Node.Table ttrpc) {
        if (isZero(ttrpc.get("address")) && grpc.get("address") instanceof Node.Scalar address && !address.isZero()) {
            file.entries().put("ttrpc", ttrpc);
            ttrpc.entries().put("address", new Node.Scalar(address.value() + TtrpcConfig.SUFFIX, address.at()));
            inherit(grpc, ttrpc, "uid");
            inherit(grpc, ttrpc, "gid");
        }
    }

    private static void inherit(Node.Table from, Node.Table to, String key) {
        Node value = from.get(key);
        if (isZero(to.get(key)) && value != null) {
            to.entries().put(key, value);
        }
    }

    private static boolean isZero(@Nullable Node node) {
        return node == null || node instanceof Node.Scalar scalar && scalar.isZero();
    }

    private void tcp(Node.Table grpc) {
        if (!isZero(grpc.get("tcp_address"))) {
            for (String size : List.of("max_recv_message_size", "max_send_message_size")) {
                Node value = grpc.get(size);
                if (value != null) {
                    grpc.entries().put("tcp_" + size, value);
                }
            }
        }
        section(
                "grpc",
                PREFIX + "server.v1.grpc-tcp",
                Map.of(
                        "tcp_address", "address",
                        "tcp_tls_ca", "tls_ca",
                        "tcp_tls_cert", "tls_cert",
                        "tcp_tls_key", "tls_key",
                        "tcp_tls_common_name", "tls_common_name",
                        "tcp_max_recv_message_size", "max_recv_message_size",
                        "tcp_max_send_message_size", "max_send_message_size"));
    }

    /** Moves keys of a table at the top to a plugin's section, unless that is there; an emptied table goes. */
    private void section(String top, String uri, Map<String, String> keys) {
        Node.Table from = file.table(top).orElse(null);
        if (from == null) {
            return;
        }
        Node.Table moved = new Node.Table(from.at());
        keys.forEach((old, now) -> {
            Node value = from.entries().remove(old);
            if (value != null && !(isZero(value) && !old.endsWith("id"))) {
                moved.entries().put(now, value);
            }
        });
        if (!moved.entries().isEmpty()) {
            file.ensure("plugins").entries().putIfAbsent(uri, moved);
        }
        if (from.entries().isEmpty()) {
            file.entries().remove(top);
        }
    }

    private static void move(Node.Table from, String old, Node.Table to, String now) {
        Node value = from.entries().remove(old);
        if (value != null) {
            to.entries().putIfAbsent(now, value);
        }
    }
}
