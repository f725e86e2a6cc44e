package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.types.Mount;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root file systems whose owners are mapped, as containerd asks for them, in containers with a user namespace. */
class MappedRootfsTest {
    private static final int ROOT_OUTSIDE = 100_000;
    private static final String UIDS = "uidmap=0:" + ROOT_OUTSIDE + ":65536";
    private static final String GIDS = "gidmap=0:" + ROOT_OUTSIDE + ":65536";

    /** Prints the owner of a file of the image, makes one and prints its owner. */
    private static final String SCRIPT =
            "busybox stat -c %u:%g /bin/busybox; echo new > /new && busybox stat -c %u:%g /new";

    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx--x--x"));
        shim = Shim.start(work);
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
        assertThat(MountInfo.read()).noneMatch(mount -> mount.mountPoint().startsWith(work.toString()));
    }

    private TestBundle bundle() throws IOException {
        return TestBundle.create(work.resolve("bundle"), "sh", "-c", SCRIPT)
                .with(spec -> addUserNamespace(spec.object("linux").orElseThrow()));
    }

    private static void addUserNamespace(JsonObject linux) {
        JsonObject mappings = Json.readObject(("{\"m\":[{\"containerID\":0,\"hostID\":" + ROOT_OUTSIDE
                        + ",\"size\":65536}],\"n\":[{\"type\":\"user\"},{\"type\":\"pid\"},{\"type\":\"ipc\"},"
                        + "{\"type\":\"uts\"},{\"type\":\"mount\"}]}")
                .getBytes(StandardCharsets.UTF_8));
        linux.with("uidMappings", mappings.array("m"))
                .with("gidMappings", mappings.array("m"))
                .with("namespaces", mappings.array("n"));
    }

    private String run(Mount rootfs) throws Exception {
        Shim.Output out = shim.output("out");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle())
                                .addRootfs(rootfs)
                                .setStdout(out.path().toString())
                                .build());
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        shim.delete("c");
        return out.text();
    }

    private Path image() throws IOException {
        Path image = Files.createDirectories(work.resolve("image"));
        TestBundle.fill(image);
        return image;
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }

    @Test
    void lowerDirectoriesOfAnOverlayAreMapped() throws Exception {
        Path image = image();
        Path other = Files.createDirectories(work.resolve("other"));
        Path upper = Files.createDirectories(work.resolve("upper"));
        Files.setAttribute(upper, "unix:uid", ROOT_OUTSIDE);
        Files.setAttribute(upper, "unix:gid", ROOT_OUTSIDE);
        Path workdir = Files.createDirectories(work.resolve("workdir"));

        String out = run(Mount.newBuilder()
                .setType("overlay")
                .setSource("overlay")
                .addAllOptions(List.of(UIDS, GIDS))
                .addOptions("lowerdir=" + other + ":" + image)
                .addOptions("upperdir=" + upper)
                .addOptions("workdir=" + workdir)
                .build());

        assertThat(out).isEqualTo("0:0\n0:0\n");
        assertThat(owner(image.resolve("bin/busybox"))).isZero();
        assertThat(owner(upper.resolve("new"))).isEqualTo(ROOT_OUTSIDE);
        assertThat(temporaryDirectories()).isEmpty();
    }

    private static List<Path> temporaryDirectories() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("wharf-mapped"))
                    .toList();
        }
    }

    @Test
    void aDirectoryIsMappedBothWays() throws Exception {
        Path image = image();

        String out = run(Mount.newBuilder()
                .setType("bind")
                .setSource(image.toString())
                .addAllOptions(List.of("rbind", "rw", UIDS, GIDS))
                .build());

        assertThat(out).isEqualTo("0:0\n0:0\n");
        assertThat(owner(image.resolve("new"))).as("on the disk").isZero();
    }

    @Test
    void anIncompleteMappingIsRefused() throws Exception {
        Mount rootfs = Mount.newBuilder()
                .setType("bind")
                .setSource(image().toString())
                .addAllOptions(List.of("rbind", UIDS))
                .build();
        TestBundle bundle = bundle();
        assertThatThrownBy(() -> shim.tasks()
                        .create(
                                Shim.CALL,
                                shim.request("c", bundle).addRootfs(rootfs).build()))
                .hasMessageContaining("needs both uidmap and gidmap");
    }
}
