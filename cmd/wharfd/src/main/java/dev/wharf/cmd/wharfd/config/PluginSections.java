package dev.wharf.cmd.wharfd.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code [plugins]}: which sections there are, and the record each becomes. */
final class PluginSections {
    /** The main socket. */
    static final String GRPC = "io.containerd.server.v1.grpc";
    /** The socket for shims. */
    static final String TTRPC = "io.containerd.server.v1.ttrpc";

    private static final Map<String, Function<Section, Object>> READERS = readers();

    /** Sections containerd has for parts that are not built in here, or that have no effect here. */
    private static final Set<String> ELSEWHERE = Set.of(
            "io.containerd.cri.v1.images",
            "io.containerd.cri.v1.runtime",
            "io.containerd.differ.v1.erofs",
            "io.containerd.grpc.v1.cri",
            "io.containerd.image-verifier.v1.bindir",
            "io.containerd.internal.v1.tracing",
            "io.containerd.metrics.v1.grpc-prometheus",
            "io.containerd.monitor.container.v1.restart",
            "io.containerd.monitor.task.v1.cgroups",
            "io.containerd.mount-handler.v1.erofs",
            "io.containerd.nri.v1.nri",
            "io.containerd.server.v1.debug",
            "io.containerd.server.v1.grpc-tcp",
            "io.containerd.server.v1.metrics",
            "io.containerd.service.v1.tasks-service",
            "io.containerd.snapshotter.v1.blockfile",
            "io.containerd.snapshotter.v1.btrfs",
            "io.containerd.snapshotter.v1.devmapper",
            "io.containerd.snapshotter.v1.erofs",
            "io.containerd.snapshotter.v1.zfs",
            "io.containerd.tracing.processor.v1.otlp");

    private PluginSections() {}

    private static Map<String, Function<Section, Object>> readers() {
        Map<String, Function<Section, Object>> readers = new LinkedHashMap<>();
        readers.put("io.containerd.differ.v1.walking", WalkingConfig::read);
        readers.put("io.containerd.gc.v1.scheduler", GcConfig::read);
        readers.put("io.containerd.internal.v1.opt", OptConfig::read);
        readers.put("io.containerd.metadata.v1.bolt", MetadataConfig::read);
        readers.put("io.containerd.runtime.v2.task", TaskRuntimeConfig::read);
        readers.put(GRPC, GrpcConfig::read);
        readers.put(TTRPC, TtrpcConfig::read);
        readers.put("io.containerd.service.v1.diff-service", DiffConfig::read);
        readers.put("io.containerd.shim.v1.manager", ShimConfig::read);
        readers.put("io.containerd.snapshotter.v1.native", NativeConfig::read);
        readers.put("io.containerd.snapshotter.v1.overlayfs", OverlayConfig::read);
        readers.put("io.containerd.transfer.v1.local", TransferConfig::read);
        return readers;
    }

    /** Reads every section there is; what is not built in is kept as it is and mentioned. */
    static Map<String, Object> read(Section plugins) {
        Map<String, Object> records = new LinkedHashMap<>();
        READERS.forEach((uri, reader) -> {
            Section section = plugins.child(uri);
            records.put(uri, reader.apply(section));
            section.finish();
        });
        plugins.keys().stream().filter(uri -> !READERS.containsKey(uri)).forEach(uri -> mention(plugins, uri));
        return records;
    }

    private static void mention(Section plugins, String uri) {
        plugins.keepRaw(uri);
        Position at = plugins.at(uri);
        if (ELSEWHERE.contains(uri)) {
            plugins.problems().inform(at, plugins.name(uri), "section has no effect: the plugin is not built in");
            return;
        }
        List<String> known = new ArrayList<>(READERS.keySet());
        known.addAll(ELSEWHERE);
        String meant = NearestName.to(uri, known)
                .map(near -> ", did you mean " + near + "?")
                .orElse("");
        plugins.problems().warn(at, plugins.name(uri), "ignoring section of an unknown plugin" + meant);
    }
}
