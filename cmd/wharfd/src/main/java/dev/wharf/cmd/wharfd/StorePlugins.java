package dev.wharf.cmd.wharfd;

import static dev.wharf.core.plugin.PluginTypes.CONTENT;
import static dev.wharf.core.plugin.PluginTypes.EVENT;
import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.PluginTypes.SNAPSHOTTER;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.GcConfig;
import dev.wharf.cmd.wharfd.config.MetadataConfig;
import dev.wharf.cmd.wharfd.config.WalkingConfig;
import dev.wharf.core.content.BlobStore;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.diff.QueuedApplier;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.plugin.MetadataStores;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.plugins.content.local.LocalContentStore;
import dev.wharf.plugins.diff.walking.WalkingApplier;
import dev.wharf.plugins.events.LocalEventBus;
import dev.wharf.plugins.metadata.sqlite.GcSettings;
import dev.wharf.plugins.metadata.sqlite.SharingPolicy;
import dev.wharf.plugins.metadata.sqlite.SqliteGarbageCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * How the plugins that keep things are started.
 *
 * @param root the daemon's root directory
 * @param clock what time they tell
 */
record StorePlugins(Path root, InstantSource clock) {
    StartOutcome<EventBus> exchange(StartContext context) {
        return started(new LocalEventBus(clock));
    }

    StartOutcome<BlobStore> content(StartContext context) {
        return StartOutcome.<BlobStore>started(LocalContentStore.open(context.root(), clock))
                .exporting(root(context.root()));
    }

    /** The file is not containerd's meta.db, which a containerd put back on this root would want to find as it was. */
    StartOutcome<MetadataStores> metadata(StartContext context) throws IOException {
        MetadataConfig config = context.config(MetadataConfig.class);
        Path directory = directory(context.root(), "rwx--x--x");
        Path file = directory.resolve("metadata.sqlite");
        SharingPolicy policy = config.sharesContent() ? SharingPolicy.SHARED : SharingPolicy.ISOLATED;
        MetadataStores stores = SqliteMetadata.open(file, context.one(CONTENT), policy, context.one(EVENT), clock);
        return started(stores)
                .exporting(Map.of("policy", config.sharesContent() ? "shared" : "isolated", "path", file.toString()));
    }

    StartOutcome<Applier> walking(StartContext context) {
        WalkingConfig config = context.config(WalkingConfig.class);
        TarBounds bounds =
                TarBounds.DEFAULT.withArchiveBytes(config.maxLayerBytes()).withEntries(config.maxLayerEntries());
        Applier applier = new QueuedApplier(
                new WalkingApplier(context.one(METADATA).content(), bounds, root.resolve("tmpmounts")),
                config.maxLayersAtOnce());
        return started(applier).on(List.of(Platform.host()));
    }

    StartOutcome<GarbageCollector> scheduler(StartContext context) {
        GcConfig config = context.config(GcConfig.class);
        SqliteMetadata metadata = (SqliteMetadata) context.one(METADATA);
        SqliteGarbageCollector collector = metadata.collector(
                () -> context.all(SNAPSHOTTER),
                new GcSettings(
                        config.pauseThreshold(),
                        config.deletionThreshold(),
                        config.mutationThreshold(),
                        config.scheduleDelay(),
                        config.startupDelay()));
        collector.start();
        return StartOutcome.<GarbageCollector>started(collector)
                .exporting(Map.of(
                        "PauseThreshold", Double.toString(config.pauseThreshold()),
                        "DeletionThreshold", Integer.toString(config.deletionThreshold()),
                        "MutationThreshold", Integer.toString(config.mutationThreshold()),
                        "ScheduleDelay", config.scheduleDelay().toString()));
    }

    StartOutcome<LeaseManager> leases(StartContext context) {
        return started(context.one(METADATA).leases());
    }

    StartOutcome<SandboxStore> sandboxes(StartContext context) {
        return started(context.one(METADATA).sandboxes());
    }

    static Map<String, String> root(Path directory) {
        return Map.of("root", directory.toString());
    }

    static Path directory(Path path, String mode) throws IOException {
        Files.createDirectories(path);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
