package dev.wharf.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.client.WharfClient;
import dev.wharf.client.peer.GoContainerd;
import dev.wharf.client.peer.TestChannels;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.testkit.snapshots.SnapshotterContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The overlay snapshotter of Go containerd over gRPC. Each test has a namespace of its own. */
final class RemoteSnapshotterTest implements SnapshotterContract {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static GoContainerd containerd;
    private static WharfClient client;

    private final String namespace = "wharf-test-" + COUNT.incrementAndGet();

    @BeforeAll
    static void start() {
        containerd = GoContainerd.start();
        client = WharfClient.connect(containerd.address(), new TestChannels());
    }

    @AfterAll
    static void stop() {
        client.close();
        containerd.close();
    }

    @Override
    public Snapshotter snapshotter() {
        return client.snapshotter("overlayfs");
    }

    /** Without a lease the daemon would collect what nothing refers to. */
    @BeforeEach
    void takeLease() {
        client.leases().create(Context.of(namespace), "test", Map.of());
    }

    @Override
    public Context ctx() {
        return Context.of(namespace).withLease("test");
    }

    /** Go containerd gives the new root of an overlay mode 0755, whatever its parent has. */
    @Override
    @Test
    public void ownerAndPermissionsOfTheRootAreThoseOfTheParent() {
        layer("base", "", root -> Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx--x")));

        look(
                "base",
                root -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                        .isEqualTo("rwxrwx--x"));
    }

    /** Go containerd answers a bad filter here with the status unknown. */
    @Override
    @Test
    public void walkShowsWhatMatchesOneOfTheFilters() {
        layer("base", "", root -> {});
        snapshotter().prepare(ctx(), "active", "base", Map.of("team", "red"));
        snapshotter().view(ctx(), "view", "base", Map.of("team", "blue"));

        assertThat(walk("kind==committed")).extracting(SnapshotInfo::name).containsExactly("base");
        assertThat(walk("name==base", "labels.team==red"))
                .extracting(SnapshotInfo::name)
                .containsExactly("active", "base");
        assertFails(ErrorKind.UNKNOWN, () -> walk("kind=view"));
    }

    @Override
    public Path work() {
        return containerd.directory("work");
    }

    @Override
    public void mount(List<Mount> mounts, Path target) {
        for (Mount mount : mounts) {
            Mounts.mount(mount.type(), mount.source(), target, mount.options());
        }
    }

    @Override
    public void unmount(Path target) {
        Mounts.unmount(target, 0);
    }

    /** The directories are the daemon's own. */
    @Override
    public void checkDirectories() {}
}
