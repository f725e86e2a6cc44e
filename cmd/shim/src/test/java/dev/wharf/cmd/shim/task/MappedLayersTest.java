package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.types.Mount;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.Stat;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root file systems whose owners the kernel maps, by the mount options {@code uidmap} and {@code gidmap}, for containers
 * of runc in a user namespace: inside, files of the image are root's, and outside what is written is not.
 */
class MappedLayersTest {
    private static final int UID = 100_000;
    private static final int GID = 200_000;
    private static final int COUNT = 65_536;
    private static final String[] MAPPING = {"uidmap=0:" + UID + ":" + COUNT, "gidmap=0:" + GID + ":" + COUNT};

    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        // The container's root, who is nobody outside, passes through to its root file system.
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
        shim = Shim.start(work);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        shim.clear();
        assertThat(mountsBelow(work)).isEmpty();
        assertThat(work.resolve("bundle/mounts")).doesNotExist();
    }

    private static List<MountInfo> mountsBelow(Path directory) {
        return MountInfo.read().stream()
                .filter(mount -> mount.mountPoint().startsWith(directory + "/"))
                .toList();
    }

    /** A container in a user namespace that runs a script. */
    private TestBundle bundle(String script) throws IOException {
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", script);
        Files.setPosixFilePermissions(bundle.directory(), PosixFilePermissions.fromString("rwx--x--x"));
        return bundle.with(spec -> {
            var linux = spec.object("linux").orElseThrow();
            linux.array("namespaces").add(Map.of("type", "user"));
            linux.with("uidMappings", List.of(mapping(UID))).with("gidMappings", List.of(mapping(GID)));
        });
    }

    private static Map<String, Object> mapping(int host) {
        return Map.of("containerID", 0, "hostID", host, "size", COUNT);
    }

    /** Runs it to its end, and gives what it wrote. */
    private String run(TestBundle bundle, Mount... rootfs) throws Exception {
        Shim.Output out = shim.output("out");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .addAllRootfs(List.of(rootfs))
                                .setStdout(out.path().toString())
                                .build());
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        String text = out.text();
        shim.delete("c");
        return text;
    }

    private Path layer(String name) throws IOException {
        return Files.createDirectories(work.resolve("layers").resolve(name));
    }

    private Path filledLayer(String name) throws IOException {
        Path layer = layer(name);
        TestBundle.fill(layer);
        return layer;
    }

    /** As the snapshotter gives it to a container: it belongs to the container's root. */
    private Path upper() throws IOException {
        return owned(Files.createDirectories(work.resolve("upper")), UID, GID);
    }

    private static Path owned(Path path, int uid, int gid) throws IOException {
        Files.setAttribute(path, "unix:uid", uid);
        Files.setAttribute(path, "unix:gid", gid);
        return path;
    }

    private Mount overlay(String lower, Path upper) throws IOException {
        return mount(
                "overlay",
                "overlay",
                "lowerdir=" + lower,
                "upperdir=" + upper,
                "workdir=" + Files.createDirectories(work.resolve("workdir")));
    }

    private static Mount mount(String type, String source, String... options) {
        List<String> all = new ArrayList<>(List.of(MAPPING));
        all.addAll(List.of(options));
        return Mount.newBuilder()
                .setType(type)
                .setSource(source)
                .addAllOptions(all)
                .build();
    }

    private static List<Integer> owners(Path path) {
        Stat stat = Stat.ofLink(path);
        return List.of(stat.uid(), stat.gid());
    }

    @Test
    void layersOfAnOverlayBelongToTheContainer() throws Exception {
        Path lower = filledLayer("lower");
        Path middle = layer("middle");
        Path mine = owned(Files.writeString(middle.resolve("mine"), "of user 7\n"), 7, 8);
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path upper = upper();
        String script =
                "ls -ln /bin/busybox /mine | tr -s ' '; cat /proc/self/uid_map; echo x > /made; echo y >> /mine";
        String out = run(bundle(script), overlay(middle + ":" + lower, upper));
        assertThat(out)
                .containsPattern("\\S+ 1 0 0 .*/bin/busybox")
                .containsPattern("\\S+ 1 7 8 .*/mine")
                .containsPattern("0 +" + UID + " +" + COUNT);
        assertThat(owners(upper.resolve("made"))).containsExactly(UID, GID);
        assertThat(owners(upper.resolve("mine"))).containsExactly(UID + 7, GID + 8);
        assertThat(upper.resolve("mine")).hasContent("of user 7\ny\n");
        assertThat(owners(lower.resolve("bin/busybox"))).containsExactly(0, 0);
        assertThat(owners(mine)).containsExactly(7, 8);
    }

    @Test
    void layersAreSeenThroughThePlaceThatGoesWithTheContainer() throws Exception {
        Path lower = filledLayer("lower");
        TestBundle bundle = bundle("true");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .addRootfs(overlay(lower.toString(), upper()))
                                .build());
        assertThat(mountsBelow(work))
                .singleElement()
                .satisfies(mount -> assertThat(mount.superOptions())
                        .contains("lowerdir=" + bundle.directory() + "/mounts/0/lower"));
        shim.delete("c");
    }

    @Test
    void manyLayersAreMapped() throws Exception {
        List<String> layers = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            String name = "layer-with-a-name-that-is-long-enough-for-a-page-" + number;
            layers.add(layer(name).toString());
            Files.writeString(Path.of(layers.getLast(), "file" + number), "");
        }
        layers.add(filledLayer("lower").toString());
        String out = run(bundle("ls -ln /file0 /file99 | tr -s ' '"), overlay(String.join(":", layers), upper()));
        assertThat(out).containsPattern("1 0 0 .*/file0\n").containsPattern("1 0 0 .*/file99\n");
    }

    @Test
    void aDirectoryIsMappedWithWhatIsMountedBelow() throws Exception {
        Path rootfs = filledLayer("rootfs");
        Path below = Files.createDirectories(rootfs.resolve("below"));
        Mounts.mount("tmpfs", "tmpfs", below, List.of("mode=755"));
        try {
            Files.writeString(below.resolve("file"), "");
            String script = "ls -ln /bin/busybox /below/file | tr -s ' '; echo x > /made";
            String out = run(bundle(script), mount("bind", rootfs.toString(), "rbind", "rw"));
            assertThat(out).containsPattern("1 0 0 .*/bin/busybox").containsPattern("1 0 0 .*/below/file");
            // Through the mount, what the container's root makes is root's on the disk.
            assertThat(owners(rootfs.resolve("made"))).containsExactly(0, 0);
        } finally {
            Mounts.unmount(below, 0);
        }
    }

    @Test
    void aViewIsMappedAndCannotBeWritten() throws Exception {
        Path rootfs = filledLayer("rootfs");
        String script = "ls -ln /bin/busybox | tr -s ' '; echo x > /made || echo refused";
        String out = run(bundle(script), mount("bind", rootfs.toString(), "rbind", "ro"));
        assertThat(out).containsPattern("1 0 0 .*/bin/busybox").contains("refused");
        assertThat(rootfs.resolve("made")).doesNotExist();
    }

    @Test
    void layersThatAreMountsThemselvesAreMapped() throws Exception {
        Path lower = filledLayer("lower");
        Path scratch = Files.createDirectories(work.resolve("scratch"));
        Mount overlay = mount(
                "format/mkdir/overlay",
                "overlay",
                "X-containerd.mkdir.path={{ mount 0 }}/upper:0755:" + UID + ":" + GID,
                "X-containerd.mkdir.path={{ mount 0 }}/work:0755",
                "workdir={{ mount 0 }}/work",
                "upperdir={{ mount 0 }}/upper",
                "lowerdir={{ mount 1 }}");
        String out = run(
                bundle("ls -ln /bin/busybox | tr -s ' '; echo x > /made"),
                bind(scratch, "rbind"),
                bind(lower, "rbind", "ro"),
                overlay);
        assertThat(out).containsPattern("1 0 0 .*/bin/busybox");
        assertThat(owners(scratch.resolve("upper/made"))).containsExactly(UID, GID);
    }

    private static Mount bind(Path source, String... options) {
        return Mount.newBuilder()
                .setType("bind")
                .setSource(source.toString())
                .addAllOptions(List.of(options))
                .build();
    }

    @Test
    void severalRangesAreMapped() throws Exception {
        Path lower = filledLayer("lower");
        owned(Files.writeString(lower.resolve("high"), ""), 1005, 1006);
        Mount mount = overlay(lower.toString(), upper()).toBuilder()
                .setOptions(0, "uidmap=0:" + UID + ":1000,1000:" + (UID + 1000) + ":64536")
                .build();
        assertThat(run(bundle("ls -ln /high | tr -s ' '"), mount)).containsPattern("1 1005 1006 .*/high");
    }

    @Test
    void mappingsThatAreNoneAreRefused() throws Exception {
        Path lower = filledLayer("lower");
        Mount mount = overlay(lower.toString(), upper());
        assertThat(refusal(mount.toBuilder().setOptions(0, "uidmap=0:0").build()))
                .contains("not a mapping of owners: 0:0");
        assertThat(refusal(mount.toBuilder().setOptions(0, "uidmap=").build())).contains("not a mapping of owners");
        assertThat(refusal(mount.toBuilder().setOptions(0, "volatile").build()))
                .contains("needs both uidmap and gidmap");
        assertThat(refusal(mount.toBuilder().setOptions(0, "uidmap=0:1:0").build()))
                .contains("cannot map ids");
        assertThat(refusal(mount("overlay", "overlay"))).contains("an overlay without lowerdir cannot map owners");
        assertThat(refusal(mount("proc", "proc"))).contains("mount_setattr").contains("EINVAL");
    }

    private String refusal(Mount mount) throws IOException {
        var request = shim.request("c", bundle("true")).addRootfs(mount).build();
        String[] message = {""};
        assertThatThrownBy(() -> shim.tasks().create(Shim.CALL, request))
                .isInstanceOf(ShimException.class)
                .satisfies(e -> message[0] = e.getMessage());
        assertThat(mountsBelow(work)).isEmpty();
        return message[0];
    }
}
