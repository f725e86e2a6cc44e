package dev.wharf.plugins.snapshots.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.plugins.metadata.sqlite.SqliteDatabase;
import dev.wharf.plugins.metadata.sqlite.SqliteSnapshotIndex;
import dev.wharf.plugins.snapshots.RealMounts;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.dirs.TempDirs;
import dev.wharf.testkit.events.RecordingEventBus;
import dev.wharf.testkit.snapshots.SnapshotterContract;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The overlay snapshotter as the daemon has it: above the metadata database. */
class OverlayOverSqliteTest implements SnapshotterContract {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final SqliteDatabase database = SqliteDatabase.open(dirs.root().resolve("metadata/wharf.db"));

    @Order(2)
    @RegisterExtension
    final AfterEachCallback closing = context -> database.close();

    private final SettableClock clock = new SettableClock();
    private final SnapshotIndex index =
            new SqliteSnapshotIndex(database, "overlayfs", new RecordingEventBus(clock), clock);
    private final Path root = dirs.root().resolve("overlayfs");
    private final OverlaySnapshotter snapshotter = OverlaySnapshotter.open(root, index, OverlayConfig.DEFAULT);

    @Override
    public Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    public Path work() {
        return dirs.directory("work");
    }

    @Override
    public void mount(List<Mount> mounts, Path target) {
        RealMounts.mount(mounts, target);
    }

    @Override
    public void unmount(Path target) {
        RealMounts.unmount(target);
    }

    @Override
    public void checkDirectories() {
        assertThat(RealMounts.names(root))
                .isEqualTo(index.ids().stream().map(id -> Long.toString(id)).collect(Collectors.toSet()));
    }
}
