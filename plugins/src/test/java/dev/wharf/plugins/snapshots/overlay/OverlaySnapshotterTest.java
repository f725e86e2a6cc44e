package dev.wharf.plugins.snapshots.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.plugins.snapshots.RealMounts;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.dirs.TempDirs;
import dev.wharf.testkit.events.RecordingEventBus;
import dev.wharf.testkit.snapshots.InMemorySnapshotIndex;
import dev.wharf.testkit.snapshots.SnapshotterContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OverlaySnapshotterTest implements SnapshotterContract {
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final SettableClock clock = new SettableClock();
    private final InMemorySnapshotIndex index =
            new InMemorySnapshotIndex("overlayfs", new RecordingEventBus(clock), clock);
    private final Path root = dirs.root().resolve("overlayfs");
    private OverlaySnapshotter snapshotter = OverlaySnapshotter.open(root, index, OverlayConfig.DEFAULT);

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

    private void reopen(OverlayConfig config) {
        snapshotter = OverlaySnapshotter.open(root, index, config);
    }

    private Path directory(String key) {
        return root.resolve("snapshots/" + index.get(ctx(), key).id());
    }

    @Test
    void mountsAreContainerds() {
        List<Mount> first = snapshotter.prepare(ctx(), "first", "", Map.of());
        assertThat(first).containsExactly(Mount.of("bind", directory("first") + "/fs", List.of("rw", "rbind")));
        snapshotter.commit(ctx(), "a", "first", "", Map.of());
        layer("b", "a", files -> {});

        assertThat(snapshotter.prepare(ctx(), "top", "b", Map.of()))
                .containsExactly(Mount.of(
                        "overlay",
                        "overlay",
                        List.of(
                                "workdir=" + directory("top") + "/work",
                                "upperdir=" + directory("top") + "/fs",
                                "lowerdir=" + directory("b") + "/fs:" + directory("a") + "/fs",
                                "index=off")));
        assertThat(snapshotter.view(ctx(), "one", "a", Map.of()))
                .containsExactly(Mount.of("bind", directory("a") + "/fs", List.of("ro", "rbind")));
        assertThat(snapshotter.view(ctx(), "two", "b", Map.of()))
                .containsExactly(Mount.of(
                        "overlay",
                        "overlay",
                        List.of("lowerdir=" + directory("b") + "/fs:" + directory("a") + "/fs", "index=off")));
        assertThat(snapshotter.view(ctx(), "none", "", Map.of()))
                .containsExactly(Mount.of("bind", directory("none") + "/fs", List.of("ro", "rbind")));
    }

    @Test
    void theLayoutIsContainerds() throws IOException {
        snapshotter.prepare(ctx(), "active", "", Map.of());
        snapshotter.view(ctx(), "view", "", Map.of());

        assertThat(mode(root)).isEqualTo(0700);
        assertThat(mode(directory("active").resolve("fs"))).isEqualTo(0755);
        assertThat(mode(directory("active").resolve("work"))).isEqualTo(0711);
        assertThat(directory("view").resolve("work")).doesNotExist();
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & 0xfff;
    }

    @Test
    void configuredMountOptionsComeLastAndWin() {
        reopen(new OverlayConfig(false, false, false, List.of("index=on", "volatile"), false));
        layer("a", "", files -> {});

        assertThat(snapshotter.prepare(ctx(), "top", "a", Map.of()).getFirst().options())
                .endsWith("lowerdir=" + directory("a") + "/fs", "index=on", "volatile");
    }

    @Test
    void mappedOwnersAreOptionsAndTheRootBelongsToTheMappedRoot() throws IOException {
        Map<String, String> labels =
                Map.of(OverlayLayout.UID_MAPPING, "0:1000:65536", OverlayLayout.GID_MAPPING, "5:1:2,0:2000:5");
        layer("a", "", files -> {});

        List<String> options =
                snapshotter.prepare(ctx(), "top", "a", labels).getFirst().options();

        assertThat(options).startsWith("uidmap=0:1000:65536", "gidmap=5:1:2,0:2000:5");
        assertThat(Files.getAttribute(directory("top").resolve("fs"), "unix:uid"))
                .isEqualTo(1000);
        assertThat(Files.getAttribute(directory("top").resolve("fs"), "unix:gid"))
                .isEqualTo(2000);
        assertThat(snapshotter.capabilities()).containsExactly("remap-ids", "only-remap-ids", "rebase");
    }

    @Test
    void aBadMappingIsRefusedAndLeavesNothing() {
        for (String bad : List.of("1", "0:1:x", "0:-1:1", "1:1000:5", "0:1:2,")) {
            assertFails(
                    ErrorKind.INVALID_ARGUMENT,
                    () -> snapshotter.prepare(ctx(), "k", "", Map.of(OverlayLayout.UID_MAPPING, bad)));
        }
        checkDirectories();
    }

    @Test
    void slowChownTakesTheWordThatOnlyMappingIsAllowed() {
        reopen(new OverlayConfig(false, false, true, List.of(), false));

        assertThat(snapshotter.capabilities()).doesNotContain("only-remap-ids");
    }

    @Test
    void upperdirLabelShowsWhereTheChangesAre() {
        reopen(new OverlayConfig(true, false, false, List.of(), false));
        snapshotter.prepare(ctx(), "k", "", Map.of("own", "1"));
        String label = "containerd.io/snapshot/overlay.upperdir";
        String fs = directory("k") + "/fs";

        assertThat(snapshotter.stat(ctx(), "k").labels())
                .containsEntry(label, fs)
                .containsEntry("own", "1");
        assertThat(walk()).allSatisfy(info -> assertThat(info.labels()).containsEntry(label, fs));
        assertThat(snapshotter
                        .update(ctx(), snapshotter.stat(ctx(), "k"), List.of())
                        .labels())
                .containsEntry(label, fs);
        assertThat(index.stat(ctx(), "k").labels()).containsOnlyKeys("own");
    }

    @Test
    void removedFilesStayUntilCleanup() {
        snapshotter.prepare(ctx(), "k", "", Map.of());
        Path directory = directory("k");

        snapshotter.remove(ctx(), "k");
        assertThat(directory).exists();
        snapshotter.cleanup(ctx());

        assertThat(directory).doesNotExist();
        checkDirectories();
    }

    @Test
    void syncRemoveDeletesAtOnce() {
        reopen(new OverlayConfig(false, true, false, List.of(), false));
        snapshotter.prepare(ctx(), "k", "", Map.of());

        snapshotter.remove(ctx(), "k");

        checkDirectories();
    }

    @Test
    void whatACrashLeftIsGoneAfterTheNextStart() throws IOException {
        snapshotter.prepare(ctx(), "kept", "", Map.of());
        for (String left : List.of("new-77", "77", "rm-78", "new-4213371337", "unknown")) {
            Files.createDirectories(root.resolve("snapshots/" + left + "/fs/deep/er"));
            Files.writeString(root.resolve("snapshots/" + left + "/fs/deep/file"), "x");
        }

        reopen(OverlayConfig.DEFAULT);
        assertThat(RealMounts.names(root)).doesNotContain("77", "new-77");
        snapshotter.cleanup(ctx());

        checkDirectories();
    }

    @Test
    void aVeryDeepTreeIsDeleted() {
        snapshotter.prepare(ctx(), "deep", "", Map.of());
        Path at = directory("deep").resolve("fs");
        for (int i = 0; i < 400; i++) {
            at = at.resolve("d");
            make(at);
        }
        snapshotter.remove(ctx(), "deep");

        snapshotter.cleanup(ctx());

        checkDirectories();
    }

    private static void make(Path directory) {
        try {
            Files.createDirectory(directory);
            Files.writeString(directory.resolve("file"), "x");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLayerCanBePutOnAParentAtCommit() {
        layer("base", "", files -> Files.writeString(files.resolve("below"), "1"));
        inside(
                snapshotter.prepare(ctx(), "free", "", Map.of()),
                files -> Files.writeString(files.resolve("above"), "2"));

        snapshotter.commit(ctx(), "both", "free", "base", Map.of());

        look("both", files -> {
            assertThat(files.resolve("below")).hasContent("1");
            assertThat(files.resolve("above")).hasContent("2");
        });
    }

    @Test
    void commitCanSyncByItself() {
        reopen(new OverlayConfig(false, false, false, List.of(), true));

        layer("base", "", files -> Files.writeString(files.resolve("file"), "1"));

        look("base", files -> assertThat(files.resolve("file")).hasContent("1"));
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() {
        Path small = dirs.directory("small");
        Mounts.mount("tmpfs", "tmpfs", small, List.of("nr_inodes=12"));
        InMemorySnapshotIndex other = new InMemorySnapshotIndex("overlayfs", new RecordingEventBus(clock), clock);
        OverlaySnapshotter full = OverlaySnapshotter.open(small, other, OverlayConfig.DEFAULT);

        assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> {
            for (int i = 0; i < 12; i++) {
                full.prepare(ctx(), "k" + i, "", Map.of());
            }
        });

        assertThat(RealMounts.names(small)).hasSize(other.ids().size());
        assertThat(Set.copyOf(other.ids())).isNotEmpty();
    }

    @Test
    void aFileSystemWithoutFileTypesIsRefusedByName() throws Exception {
        Path mounted = dirs.directory("untyped");
        Path image = dirs.root().resolve("untyped.img");
        run("truncate", "-s", "8M", image.toString());
        run("mkfs.ext4", "-q", "-O", "^filetype", image.toString());
        run("mount", "-o", "loop", image.toString(), mounted.toString());

        assertThatThrownBy(() -> OverlaySnapshotter.open(mounted, index, OverlayConfig.DEFAULT))
                .hasMessageContaining(mounted + " on ext4 does not support d_type")
                .hasMessageEndingWith("failed precondition");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    @Test
    void aRootThatWouldSplitMountOptionsIsRefused() {
        for (String name : List.of("a:b", "a,b", "a\\b")) {
            Path strange = dirs.root().resolve(name);
            assertFails(
                    ErrorKind.INVALID_ARGUMENT, () -> OverlaySnapshotter.open(strange, index, OverlayConfig.DEFAULT));
        }
    }
}
