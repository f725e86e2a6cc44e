package dev.wharf.cmd.wharfd;

import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.NativeConfig;
import dev.wharf.cmd.wharfd.config.OverlayConfig;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.plugins.snapshots.nativefs.NativeSnapshotter;
import dev.wharf.plugins.snapshots.overlay.OverlaySnapshotter;
import java.nio.file.Path;
import java.util.List;

/** How snapshotters are started. Their indexes are in the metadata store, by their ids. */
final class SnapshotPlugins {
    private SnapshotPlugins() {}

    static StartOutcome<Snapshotter> overlayfs(StartContext context) {
        OverlayConfig config = context.config(OverlayConfig.class);
        Path root = root(context, config.rootPath());
        OverlaySnapshotter overlay = OverlaySnapshotter.open(
                root,
                context.one(METADATA).snapshots("overlayfs"),
                new dev.wharf.plugins.snapshots.overlay.OverlayConfig(
                        config.upperDirLabel(),
                        config.syncRemove(),
                        config.slowChown(),
                        config.mountOptions(),
                        config.syncCommit()));
        return StartOutcome.<Snapshotter>started(overlay)
                .on(List.of(Platform.host()))
                .exporting(StorePlugins.root(root))
                .capableOf(overlay.capabilities().stream().sorted().toList());
    }

    static StartOutcome<Snapshotter> nativefs(StartContext context) {
        NativeConfig config = context.config(NativeConfig.class);
        Path root = root(context, config.rootPath());
        Snapshotter copies = NativeSnapshotter.open(
                root,
                context.one(METADATA).snapshots("native"),
                new dev.wharf.plugins.snapshots.nativefs.NativeConfig(config.syncCommit()));
        return started(copies).exporting(StorePlugins.root(root));
    }

    private static Path root(StartContext context, String configured) {
        return configured.isEmpty() ? context.root() : Path.of(configured);
    }
}
