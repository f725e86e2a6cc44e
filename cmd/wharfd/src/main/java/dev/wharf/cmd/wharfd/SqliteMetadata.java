package dev.wharf.cmd.wharfd;

import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.content.BlobStore;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.plugin.MetadataStores;
import dev.wharf.core.sandbox.SandboxStore;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.plugins.metadata.sqlite.GcSettings;
import dev.wharf.plugins.metadata.sqlite.SharingPolicy;
import dev.wharf.plugins.metadata.sqlite.SqliteContainerStore;
import dev.wharf.plugins.metadata.sqlite.SqliteContentStore;
import dev.wharf.plugins.metadata.sqlite.SqliteDatabase;
import dev.wharf.plugins.metadata.sqlite.SqliteGarbageCollector;
import dev.wharf.plugins.metadata.sqlite.SqliteImageStore;
import dev.wharf.plugins.metadata.sqlite.SqliteLeaseManager;
import dev.wharf.plugins.metadata.sqlite.SqliteNamespaceStore;
import dev.wharf.plugins.metadata.sqlite.SqliteSandboxStore;
import dev.wharf.plugins.metadata.sqlite.SqliteSnapshotIndex;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The metadata stores over one SQLite file, each made once. */
final class SqliteMetadata implements MetadataStores, AutoCloseable {
    private final SqliteDatabase database;
    private final EventBus events;
    private final InstantSource clock;
    private final NamespaceStore namespaces;
    private final ContainerStore containers;
    private final ImageStore images;
    private final SqliteContentStore content;
    private final LeaseManager leases;
    private final SandboxStore sandboxes;
    private final Map<String, SnapshotIndex> snapshots = new ConcurrentHashMap<>();

    private SqliteMetadata(
            SqliteDatabase database, BlobStore blobs, SharingPolicy policy, EventBus events, InstantSource clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
        namespaces = new SqliteNamespaceStore(database, events);
        containers = new SqliteContainerStore(database, events, clock);
        images = new SqliteImageStore(database, events, clock);
        content = new SqliteContentStore(database, blobs, policy, events, clock);
        leases = new SqliteLeaseManager(database, clock, new SecureRandom());
        sandboxes = new SqliteSandboxStore(database, clock);
    }

    /** Opens the file, which is made when it is missing. */
    static SqliteMetadata open(Path file, BlobStore blobs, SharingPolicy policy, EventBus events, InstantSource clock) {
        return new SqliteMetadata(SqliteDatabase.open(file), blobs, policy, events, clock);
    }

    /** The collector of what is in these stores, not running yet. */
    SqliteGarbageCollector collector(Supplier<Map<String, Snapshotter>> snapshotters, GcSettings settings) {
        return new SqliteGarbageCollector(database, content, snapshotters, events, clock, settings);
    }

    @Override
    public NamespaceStore namespaces() {
        return namespaces;
    }

    @Override
    public ContainerStore containers() {
        return containers;
    }

    @Override
    public ImageStore images() {
        return images;
    }

    @Override
    public SqliteContentStore content() {
        return content;
    }

    @Override
    public LeaseManager leases() {
        return leases;
    }

    @Override
    public SandboxStore sandboxes() {
        return sandboxes;
    }

    @Override
    public SnapshotIndex snapshots(String snapshotter) {
        return snapshots.computeIfAbsent(snapshotter, id -> new SqliteSnapshotIndex(database, id, events, clock));
    }

    @Override
    public void close() {
        database.close();
    }
}
