package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    Path dir;

    /** Everything happens below one private tmpfs, so that one recursive unmount cleans up. */
    @BeforeEach
    void mountBase() {
        Mounts.mount("tmpfs", "base", dir, List.of("mode=0755", "size=64m", "rprivate"));
    }

    @AfterEach
    void unmountBase() {
        Mounts.unmountRecursive(dir, Mounts.MNT_DETACH);
        assertThat(MountInfo.isMountPoint(dir)).isFalse();
    }

    @Test
    void tmpfsTakesFlagsPropagationAndData() throws IOException {
        Path target = Files.createDirectory(dir.resolve("with blank"));
        Mounts.mount("tmpfs", "t", target, List.of("nosuid", "nodev", "noexec", "size=1m", "rshared"));
        MountInfo info = mountAt(target);
        assertThat(info.options()).contains("nosuid", "nodev", "noexec", "rw");
        assertThat(info.superOptions()).contains("size=1024k");
        assertThat(info.propagation()).anyMatch(tag -> tag.startsWith("shared:"));
        assertThat(info.type()).isEqualTo("tmpfs");
        Mounts.unmount(target, 0);
        assertThat(MountInfo.isMountPoint(target)).isFalse();
    }

    @Test
    void readOnlyBindIsReadOnlyAndLeavesItsSourceWritable() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        Path target = Files.createDirectory(dir.resolve("target"));
        Mounts.mount("bind", source.toString(), target, List.of("rbind", "ro", "nosuid"));
        assertThat(mountAt(target).options()).contains("ro", "nosuid");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> FilesAt.mkdir(Fd.CWD, target.resolve("x").toString(), 0755))
                .matches(e -> e.is(Errno.EROFS));
        Files.createFile(source.resolve("y"));
    }

    @Test
    void laterOptionWins() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        Path target = Files.createDirectory(dir.resolve("target"));
        Mounts.mount("", source.toString(), target, List.of("bind", "ro", "rw"));
        Files.createFile(target.resolve("y"));
    }

    @Test
    void failedMountNamesTypeTargetAndError() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Mounts.mount("tmpfs", "t", dir.resolve("missing"), List.of()))
                .withMessage("mount tmpfs from t on " + dir.resolve("missing") + ": ENOENT: No such file or directory");
    }

    @Test
    void loopOptionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mounts.mount("ext4", "image", dir, List.of("loop")))
                .withMessageContaining("loop device");
    }

    @Test
    void overlayOf150LayersShowsThemAll() throws IOException {
        String lower = layers(150, "layer");
        Path merged = overlay(lower, List.of("volatile"));
        assertThat(merged.resolve("file0")).exists();
        assertThat(merged.resolve("file149")).hasContent("149");
        assertThat(merged.resolve("same")).hasContent("0");
        Files.writeString(merged.resolve("new"), "written");
        assertThat(dir.resolve("upper/new")).hasContent("written");
        assertThat(mountAt(merged).superOptions()).contains("fsync=volatile");
    }

    @Test
    void overlayOf500LayersIsMountedAnd501Refused() throws IOException {
        String lower = layers(500, "l");
        Path merged = overlay(lower, List.of());
        assertThat(merged.resolve("file499")).exists();
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> overlay(lower + ":" + dir, List.of()))
                .withMessageContaining("501 layers");
    }

    @Test
    void olderKernelsGetLayersRelativeToTheirCommonDirectory() throws IOException {
        List<String> names = new ArrayList<>();
        Path parent = Files.createDirectories(dir.resolve("a:b").resolve("snapshots-of-some-length"));
        for (int i = 0; i < 200; i++) {
            Path layer = Files.createDirectories(parent.resolve(i + "/fs"));
            Files.writeString(layer.resolve("file" + i), "" + i);
            names.add(layer.toString().replace(":", "\\:"));
        }
        Path merged = Files.createDirectory(dir.resolve("merged"));
        MountOptions options = MountOptions.parse(List.of("ro", "lowerdir=" + String.join(":", names)));
        RelativeOverlayMount.mount("overlay", merged, options);
        assertThat(merged.resolve("file199")).hasContent("199");
        assertThat(mountAt(merged).superOptions().get(1)).startsWith("lowerdir=0/fs:1/fs:");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Mounts.mountDirectly("overlay", "overlay", merged, options))
                .matches(e -> e.is(Errno.E2BIG));
    }

    @Test
    void layersAreReadAndWrittenWithEscapesAndDataOnlyOnes() {
        List<String> data = List.of("index=off", "lowerdir=/a\\:b:/c::/d::/e");
        List<OverlayLayer> layers = OverlayLayer.of(data);
        assertThat(layers).extracting(OverlayLayer::directory).containsExactly("/a:b", "/c", "/d", "/e");
        assertThat(layers).extracting(OverlayLayer::dataOnly).containsExactly(false, false, true, true);
        assertThat(OverlayLayer.toOption(layers)).isEqualTo(data.get(1));
    }

    @Test
    void overlayLayersWithPathsAbove255BytesAreHandedOverAsDescriptors() throws IOException {
        Path deep = Files.createDirectories(dir.resolve("d".repeat(200)).resolve("e".repeat(200)));
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            layers.add(Files.createDirectory(deep.resolve("l" + i)));
            Files.writeString(layers.get(i).resolve("f" + i), "x");
        }
        String lower = layers.stream().map(Path::toString).collect(Collectors.joining(":"));
        assertThat(overlay(lower, List.of()).resolve("f19")).exists();
    }

    @Test
    void fileSystemSaysWhyItRefusesAnOption() {
        try (FsContext context = FsContext.open("overlay")) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> context.set("nosuchoption", "1"))
                    .withMessageContaining("EINVAL")
                    .withMessageContaining("nosuchoption");
        }
    }

    @Test
    void unmountAllTakesOffStackedMountsAndAcceptsNone() throws IOException {
        Path target = Files.createDirectory(dir.resolve("stack"));
        for (int i = 0; i < 3; i++) {
            Mounts.mount("tmpfs", "t" + i, target, List.of());
        }
        Mounts.unmountAll(target, Mounts.UMOUNT_NOFOLLOW);
        assertThat(MountInfo.isMountPoint(target)).isFalse();
        Mounts.unmountAll(target, 0);
        Mounts.unmountAll(target.resolve("missing"), 0);
    }

    @Test
    void recursiveUnmountTakesTheDeepestFirstAndSparesSiblings() throws IOException {
        Path top = Files.createDirectory(dir.resolve("a"));
        Path sibling = Files.createDirectory(dir.resolve("ab"));
        Mounts.mount("tmpfs", "t", top, List.of());
        Mounts.mount("tmpfs", "t", sibling, List.of());
        Path below = Files.createDirectory(top.resolve("below"));
        Mounts.mount("tmpfs", "t", below, List.of());
        Mounts.unmountRecursive(top, 0);
        assertThat(MountInfo.isMountPoint(top)).isFalse();
        assertThat(MountInfo.isMountPoint(sibling)).isTrue();
    }

    @Test
    void copiedTreeGetsAttributesBeforeItIsAttached() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        Path target = Files.createDirectory(dir.resolve("target"));
        try (MountTree tree = MountTree.copyOf(source, true)) {
            tree.setAttributes(MountAttributes.RDONLY | MountAttributes.NOEXEC, 0, true);
            tree.attach(target);
        }
        assertThat(mountAt(target).options()).contains("ro", "noexec");
    }

    @Test
    void treeIsAttachedOnAnOpenDirectory() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        Path target = Files.createDirectory(dir.resolve("target"));
        Files.createFile(source.resolve("f"));
        try (Fd base = Fd.directory(dir);
                Fd found = OpenAt2.directoryInRoot(base, "/../target");
                MountTree tree = MountTree.copyOf(source, false)) {
            tree.attach(found);
        }
        assertThat(target.resolve("f")).exists();
    }

    @Test
    void mountPointIsFoundThroughSymbolicLinksAndWithStrangeNames() throws IOException {
        Path real = Files.createDirectory(dir.resolve("real"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), real);
        Path target = Files.createDirectory(real.resolve("t"));
        Mounts.mount("tmpfs", "t", target, List.of());
        String strange = FileNames.decode(new byte[] {'x', (byte) 0xff, '\r', '#', '\\', '1', '2', '3'});
        try (Fd base = Fd.directory(real);
                FsContext context = FsContext.open("tmpfs")) {
            FilesAt.mkdir(base, strange, 0700);
            context.create();
            try (Fd on = FilesAt.open(base, strange, OpenFlags.O_PATH, 0);
                    MountTree tree = context.mount(MountAttributes.NODEV)) {
                tree.attach(on);
            }
        }
        assertThat(MountInfo.isMountPoint(link.resolve("t"))).isTrue();
        assertThat(MountInfo.read()).anyMatch(m -> m.mountPoint().equals(real + "/" + strange));
        Mounts.unmountRecursive(link.resolve("t"), 0);
        assertThat(MountInfo.isMountPoint(target)).isFalse();
        Mounts.unmountRecursive(real, 0);
        assertThat(MountInfo.read()).noneMatch(m -> m.mountPoint().startsWith(real.toString()));
    }

    @Test
    void unknownOptionLeavesNoMount() throws IOException {
        Path target = Files.createDirectory(dir.resolve("target"));
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Mounts.mount("tmpfs", "t", target, List.of("nosuchoption=1")))
                .matches(e -> e.is(Errno.EINVAL));
        assertThat(MountInfo.isMountPoint(target)).isFalse();
    }

    @Test
    void idmappedMountShiftsOwners() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        Path target = Files.createDirectory(dir.resolve("target"));
        Files.createFile(source.resolve("f"));
        try (Fd userNamespace = UserNamespace.create("0 100000 65536", "0 100000 65536");
                MountTree tree = MountTree.copyOf(source, false)) {
            tree.mapOwners(userNamespace, false);
            tree.attach(target);
        }
        assertThat(Stat.of(target.resolve("f")).uid()).isEqualTo(100_000);
        assertThat(Stat.of(source.resolve("f")).uid()).isZero();
    }

    private static MountInfo mountAt(Path target) {
        return MountInfo.read().stream()
                .filter(m -> m.mountPoint().equals(target.toString()))
                .findFirst()
                .orElseThrow();
    }

    private String layers(int count, String prefix) throws IOException {
        for (int i = 0; i < count; i++) {
            Path layer = Files.createDirectory(dir.resolve(prefix + i));
            Files.writeString(layer.resolve("file" + i), "" + i);
            Files.writeString(layer.resolve("same"), "" + i);
        }
        return IntStream.range(0, count)
                .mapToObj(i -> dir.resolve(prefix + i).toString())
                .collect(Collectors.joining(":"));
    }

    private Path overlay(String lower, List<String> more) throws IOException {
        Path merged = Files.createDirectories(dir.resolve("merged"));
        Files.createDirectories(dir.resolve("upper"));
        Files.createDirectories(dir.resolve("work"));
        List<String> options = new ArrayList<>(more);
        options.add("lowerdir=" + lower);
        options.add("upperdir=" + dir.resolve("upper"));
        options.add("workdir=" + dir.resolve("work"));
        Mounts.mount("overlay", "overlay", merged, options);
        return merged;
    }
}
