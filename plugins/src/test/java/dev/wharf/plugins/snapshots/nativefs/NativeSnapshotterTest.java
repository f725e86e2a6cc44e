package dev.wharf.plugins.snapshots.nativefs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.plugins.snapshots.RealMounts;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.content.TestBytes;
import dev.wharf.testkit.dirs.TempDirs;
import dev.wharf.testkit.events.RecordingEventBus;
import dev.wharf.testkit.snapshots.InMemorySnapshotIndex;
import dev.wharf.testkit.snapshots.SnapshotterContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NativeSnapshotterTest implements SnapshotterContract {
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.789012345Z");

    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final SettableClock clock = new SettableClock();
    private final InMemorySnapshotIndex index =
            new InMemorySnapshotIndex("native", new RecordingEventBus(clock), clock);
    private final Path root = dirs.root().resolve("native");
    private final NativeSnapshotter snapshotter = NativeSnapshotter.open(root, index, NativeConfig.DEFAULT);

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

    /** Views of a parent have no directory of their own. */
    @Override
    public void checkDirectories() {
        assertThat(index.ids().stream().map(id -> Long.toString(id)).collect(Collectors.toSet()))
                .containsAll(RealMounts.names(root));
    }

    private Path directory(String key) {
        return root.resolve("snapshots/" + index.get(ctx(), key).id());
    }

    @Test
    void mountsAreContainerds() {
        layer("a", "", files -> {});

        assertThat(snapshotter.prepare(ctx(), "top", "a", Map.of()))
                .containsExactly(Mount.of("bind", directory("top").toString(), List.of("rbind", "rw")));
        assertThat(snapshotter.view(ctx(), "view", "a", Map.of()))
                .containsExactly(Mount.of("bind", directory("a").toString(), List.of("rbind", "ro")));
    }

    @Test
    void filesAreCopiedWithAllTheirAttributes() {
        layer("a", "", NativeSnapshotterTest::makeZoo);
        layer("b", "a", files -> {});

        Path from = directory("a");
        Path to = directory("b");
        for (String name : List.of("file", "dir", "dir/inner", "fifo", "null", "link", "setuid", ".")) {
            assertSame(name, Stat.ofLink(from.resolve(name)), Stat.ofLink(to.resolve(name)));
        }
        assertThat(to.resolve("file")).hasContent("content");
        assertThat(Xattr.get(to.resolve("file"), "user.note")).hasValue("text".getBytes(UTF_8));
        assertThat(Xattr.get(to.resolve("dir"), "trusted.mark")).hasValue(new byte[] {0, 1, 2});
        assertThat(Xattr.get(to.resolve("link"), "trusted.link")).hasValue(new byte[] {3});
        assertThat(Xattr.get(to.resolve("setuid"), "security.capability")).isPresent();
        assertThat(Stat.of(to.resolve("hard")).inode())
                .isEqualTo(Stat.of(to.resolve("dir/linked")).inode());
        assertThat(Stat.of(to.resolve("hard")).links()).isEqualTo(2);
    }

    private static void makeZoo(Path files) throws IOException {
        Files.writeString(files.resolve("file"), "content");
        Files.createDirectory(files.resolve("dir"));
        Files.writeString(files.resolve("dir/inner"), "");
        Files.writeString(files.resolve("hard"), "shared");
        Files.createLink(files.resolve("dir/linked"), files.resolve("hard"));
        Files.createSymbolicLink(files.resolve("link"), Path.of("nowhere"));
        Files.writeString(files.resolve("setuid"), "#!");
        try (Fd directory = Fd.directory(files)) {
            FilesAt.mknod(directory, "fifo", FileType.FIFO.bits() | 0640, Device.NONE);
            FilesAt.mknod(directory, "null", FileType.CHARACTER_DEVICE.bits() | 0666, new Device(1, 3));
            FilesAt.chown(directory, "setuid", 12, 34, 0);
            FilesAt.chmod(directory, "setuid", 06751);
            FilesAt.chown(directory, "link", 56, 78, OpenFlags.AT_SYMLINK_NOFOLLOW);
            Xattr.set(files.resolve("file"), "user.note", "text".getBytes(UTF_8), 0);
            Xattr.set(files.resolve("dir"), "trusted.mark", new byte[] {0, 1, 2}, 0);
            Xattr.set(files.resolve("link"), "trusted.link", new byte[] {3}, 0);
            Xattr.set(files.resolve("setuid"), "security.capability", capability(), 0);
            for (String name : List.of("file", "dir/inner", "fifo", "null", "link", "setuid", "dir", ".")) {
                FilesAt.setTimes(directory, name, LONG_AGO, LONG_AGO, OpenFlags.AT_SYMLINK_NOFOLLOW);
            }
        }
    }

    /** cap_net_raw+ep, as setcap(8) writes it. */
    private static byte[] capability() {
        byte[] bytes = new byte[20];
        bytes[0] = 1;
        bytes[3] = 2;
        bytes[5] = 0x20;
        return bytes;
    }

    private static void assertSame(String name, Stat from, Stat to) {
        assertThat(to.mode()).as("mode of %s", name).isEqualTo(from.mode());
        assertThat(to.uid()).as("owner of %s", name).isEqualTo(from.uid());
        assertThat(to.gid()).as("group of %s", name).isEqualTo(from.gid());
        assertThat(to.special()).as("device %s", name).isEqualTo(from.special());
        assertThat(to.modified()).as("time of %s", name).isEqualTo(from.modified());
    }

    @Test
    void aFileWithHolesStaysSparse() {
        long size = (256L << 20) + 5;
        layer("a", "", files -> {
            try (Fd file = Fd.open(files.resolve("sparse"), OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0644)) {
                FileIo.truncate(file, size);
            }
            try (var channel = FileChannel.open(files.resolve("sparse"), StandardOpenOption.WRITE)) {
                channel.write(UTF_8.encode("middle"), 128L << 20);
            }
        });
        layer("b", "a", files -> {});

        Stat copy = Stat.of(directory("b").resolve("sparse"));
        assertThat(copy.size()).isEqualTo(size);
        assertThat(copy.blocks() * 512).isLessThan(1 << 20);
        look("b", files -> {
            try (var channel = FileChannel.open(files.resolve("sparse"))) {
                ByteBuffer bytes = ByteBuffer.allocate(6);
                channel.read(bytes, 128L << 20);
                assertThat(bytes.array()).asString(UTF_8).isEqualTo("middle");
            }
        });
    }

    @Test
    void namesThatAreNoTextAreCopied() {
        String strange = "caf\udce9";
        layer("a", "", files -> {
            try (Fd directory = Fd.directory(files)) {
                FilesAt.open(directory, strange, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0644)
                        .close();
                FilesAt.symlink(strange, directory, strange + "-link");
            }
        });
        layer("b", "a", files -> {});

        try (Fd directory = Fd.directory(directory("b"))) {
            assertThat(Stat.of(directory, strange, 0).size()).isZero();
            assertThat(FilesAt.readlink(directory, strange + "-link")).isEqualTo(strange);
        }
    }

    @Test
    void aCopyEndsWithItsDeadlineAndLeavesNothing() {
        layer("a", "", files -> Files.createDirectory(files.resolve("dir")));
        Context late = ctx().withDeadline(Context.Deadline.after(Duration.ZERO, clock));

        assertFails(ErrorKind.DEADLINE_EXCEEDED, () -> snapshotter.prepare(late, "k", "a", Map.of()));

        checkDirectories();
    }

    @Test
    void aParentCannotBeChangedAtCommit() {
        layer("a", "", files -> {});
        snapshotter.prepare(ctx(), "k", "", Map.of());

        assertFails(ErrorKind.INVALID_ARGUMENT, () -> snapshotter.commit(ctx(), "b", "k", "a", Map.of()));
    }

    @Test
    void removalDeletesAtOnce() {
        snapshotter.prepare(ctx(), "k", "", Map.of());

        snapshotter.remove(ctx(), "k");

        assertThat(RealMounts.names(root)).isEmpty();
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() {
        Path small = dirs.directory("small");
        Mounts.mount("tmpfs", "tmpfs", small, List.of("size=1m"));
        InMemorySnapshotIndex other = new InMemorySnapshotIndex("native", new RecordingEventBus(clock), clock);
        NativeSnapshotter full = NativeSnapshotter.open(small, other, NativeConfig.DEFAULT);
        inside(
                full.prepare(ctx(), "k", "", Map.of()),
                files -> Files.write(
                        files.resolve("large"), TestBytes.of(600_000, 1).bytes()));
        full.commit(ctx(), "a", "k", "", Map.of());

        assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> full.prepare(ctx(), "b", "a", Map.of()));

        assertThat(RealMounts.names(small)).hasSize(1);
    }
}
