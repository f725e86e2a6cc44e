package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.e2e.ImageArchive.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images made by an enemy, imported and unpacked: nothing comes out of its snapshot, nothing is left of a refused one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileArchivesTest {
    private static final String NAME = "example.com/hostile:latest";
    private static final byte[] GARBAGE = "garbage garbage garbage".getBytes(StandardCharsets.UTF_8);

    private final AtomicInteger number = new AtomicInteger();
    private Daemon daemon;
    private Remains remains;
    private Path outside;
    private Path victim;

    @BeforeAll
    void start() {
        daemon = Daemon.launchIn("wharf-hostile");
        remains = new Remains(daemon);
    }

    @AfterAll
    void stop() {
        daemon.close();
    }

    @BeforeEach
    void makeOutside() throws IOException {
        outside = Files.createDirectory(daemon.directory().resolve("outside" + number.incrementAndGet()));
        victim = Files.writeString(outside.resolve("victim"), "untouched");
    }

    @AfterEach
    void nothingOutsideAndNothingLeft() throws IOException {
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).containsExactly(victim);
        }
        assertThat(victim).content().isEqualTo("untouched");
        assertThat(Files.getAttribute(victim, "unix:nlink", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(1);
        assertThat(Path.of("/wharf-hostile")).doesNotExist();
        remains.areNoneOnceAllIsDeleted();
    }

    private Programs.Result load(String snapshotter, Layer... layers) {
        Path archive = new ImageArchive(NAME, layers).write(daemon.directory().resolve("hostile.tar"));
        return daemon.ctr("images", "import", "--snapshotter", snapshotter, archive.toString());
    }

    /** Checks that unpacking is refused with those words, and that no snapshot was committed or stays mounted. */
    private void refused(String expected, Layer... layers) {
        for (String snapshotter : new String[] {"overlayfs", "native"}) {
            assertThat(load(snapshotter, layers).fails().err()).as(snapshotter).contains(expected);
            assertThat(daemon.ctr("snapshots", "--snapshotter", snapshotter, "ls")
                            .ok()
                            .out())
                    .as(snapshotter)
                    .doesNotContain("Committed");
            assertThat(daemon.mountsBelow()).as(snapshotter).isEmpty();
            remains.areNoneOnceAllIsDeleted();
        }
    }

    /** The root of what the layers unpack to. */
    private Path unpacked(String snapshotter, Layer... layers) {
        load(snapshotter, layers).ok();
        return mounted(snapshotter);
    }

    private Path mounted(String snapshotter) {
        try {
            Path root = Files.createDirectory(daemon.directory().resolve("mount" + number.incrementAndGet()));
            daemon.ctr("images", "mount", "--snapshotter", snapshotter, NAME, root.toString())
                    .ok();
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unmount(String snapshotter, Path root) {
        daemon.ctr("images", "unmount", "--rm", "--snapshotter", snapshotter, root.toString())
                .ok();
    }

    private String up(Path to) {
        return "../".repeat(12) + to.toString().substring(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "native"})
    void namesThatClimbStayWithinTheSnapshot(String snapshotter) {
        Path root = unpacked(
                snapshotter,
                Layer.gzip(new TarWriter()
                        .file("../../../../../../../wharf-hostile", "up")
                        .file(up(outside) + "/new", "up")
                        .file(victim.toString(), "absolute")
                        .file("a/../../b", "between")
                        .bytes()));
        assertThat(root.resolve("wharf-hostile")).content().isEqualTo("up");
        assertThat(root.resolve(victim.toString().substring(1))).content().isEqualTo("absolute");
        assertThat(root.resolve("b")).content().isEqualTo("between");
        unmount(snapshotter, root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "native"})
    void writingThroughLinksStaysWithinTheSnapshot(String snapshotter) {
        String below = outside.toString().substring(1);
        Path root = unpacked(
                snapshotter,
                Layer.gzip(new TarWriter()
                        .directory(below)
                        .symlink("absolute", outside.toString())
                        .symlink("climbing", up(outside))
                        .symlink("file", victim.toString())
                        .symlink("one", "two")
                        .symlink("two", outside.toString())
                        .file("absolute/through-absolute", "x")
                        .file("climbing/through-climbing", "x")
                        .file("file", "replaced the link")
                        .file("one/through-chain", "x")
                        .bytes()),
                Layer.gzip(new TarWriter()
                        .file("absolute/from-the-next-layer", "x")
                        .bytes()));
        assertThat(root.resolve("file")).isRegularFile().content().isEqualTo("replaced the link");
        assertThat(root.resolve(below))
                .isDirectoryContaining("glob:**/through-absolute")
                .isDirectoryContaining("glob:**/through-chain");
        unmount(snapshotter, root);
    }

    @Test
    void hardLinksToTheOutsideAreRefused() {
        for (String target : new String[] {victim.toString(), up(victim), "link/victim"}) {
            refused(
                    "apply entry \"stolen\"",
                    Layer.gzip(new TarWriter()
                            .symlink("link", outside.toString())
                            .hardLink("stolen", target)
                            .file("stolen", "overwritten")
                            .bytes()));
        }
    }

    @Test
    void hardLinksToALinkDoNotFollowIt() {
        Path root = unpacked(
                "overlayfs",
                Layer.gzip(new TarWriter()
                        .symlink("link", victim.toString())
                        .hardLink("second", "link")
                        .file("second", "overwritten")
                        .bytes()));
        assertThat(root.resolve("second")).content().isEqualTo("overwritten");
        unmount("overlayfs", root);
    }

    @Test
    void whiteoutsReachNothingOutside() {
        refused(
                "invalid whiteout name",
                Layer.gzip(new TarWriter().file("a/.wh...", "").bytes()));
        Path root = unpacked(
                "overlayfs",
                Layer.gzip(new TarWriter()
                        .symlink("link", outside.toString())
                        .directory(outside.toString())
                        .file("link/.wh.victim", "")
                        .file("link/.wh..wh..opq", "")
                        .file(outside + "/.wh.victim", "")
                        .bytes()));
        unmount("overlayfs", root);
    }

    @Test
    void deviceNodesDoNotOpenDevices() throws IOException {
        Path root = unpacked(
                "overlayfs",
                Layer.gzip(new TarWriter()
                        .characterDevice("null", 1, 3)
                        .blockDevice("disk", 7, 0)
                        .file("null", "a file now")
                        .bytes()));
        assertThat(root.resolve("null")).isRegularFile().content().isEqualTo("a file now");
        assertThat((int) Files.getAttribute(root.resolve("disk"), "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000)
                .isEqualTo(0060000);
        unmount("overlayfs", root);
    }

    @Test
    void aDeviceThatOverlayfsTakesForAWhiteoutHidesNothingOutside() {
        Path root = unpacked(
                "overlayfs",
                Layer.gzip(
                        new TarWriter().characterDevice(victim.toString(), 0, 0).bytes()));
        unmount("overlayfs", root);
    }

    @Test
    void filesThatPromiseMoreThanTheBoundAreRefusedBeforeAByteIsWritten() {
        refused(
                "the bound is",
                Layer.plain(new TarWriter().promise("bomb", 1L << 41).unfinished()));
        refused(
                "the bound is",
                Layer.plain(new TarWriter()
                        .extended(
                                "GNU.sparse.major",
                                "1",
                                "GNU.sparse.minor",
                                "0",
                                "GNU.sparse.name",
                                "sparse",
                                "GNU.sparse.realsize",
                                String.valueOf(1L << 41))
                        .file("sparse", Arrays.copyOf("0\n".getBytes(StandardCharsets.US_ASCII), 512))
                        .bytes()));
        refused(
                "the bound is",
                Layer.plain(new TarWriter()
                        .extended("path", "a/".repeat(600) + "b")
                        .file("deep", "x")
                        .bytes()));
        refused(
                "the bound is",
                Layer.plain(new TarWriter()
                        .extended("SCHILY.xattr.user.big", "x".repeat(70_000))
                        .file("big", "x")
                        .bytes()));
    }

    @Test
    void aDirectoryOfManyEntriesIsUnpacked() {
        int entries = Settings.count("entries", 20_000);
        TarWriter tar = new TarWriter();
        for (int i = 0; i < entries; i++) {
            tar.file("many/" + i, "");
        }
        Path root = unpacked("overlayfs", Layer.gzip(tar.bytes()));
        assertThat(root.resolve("many").toFile().list()).hasSize(entries);
        unmount("overlayfs", root);
    }

    @Test
    void wrongDigestsAreRefused() {
        Layer sound = Layer.gzip(new TarWriter().file("file", "x").bytes());
        byte[] other = ImageArchive.gzipped(new TarWriter().file("file", "y").bytes());
        refused("sha256:", sound.withBlob(other));
        refused("wrong diff id", sound.withDiffId(ImageArchive.digestOf(GARBAGE)));
    }

    @Test
    void brokenCompressionIsRefused() {
        byte[] tar = new TarWriter().file("file", new byte[100_000]).bytes();
        byte[] gzip = ImageArchive.gzipped(tar);
        refused("layer sha256:", Layer.compressed("gzip", Arrays.copyOf(gzip, gzip.length / 2), tar));
        refused("layer sha256:", Layer.compressed("gzip", Arrays.copyOf(gzip, gzip.length - 4), tar));
        refused("layer sha256:", Layer.compressed("gzip", join(gzip, GARBAGE), tar));
        byte[] zstd = zstd(tar);
        refused("layer sha256:", Layer.compressed("zstd", Arrays.copyOf(zstd, zstd.length / 2), tar));
        refused("layer sha256:", Layer.compressed("zstd", join(zstd, GARBAGE), tar));
    }

    @Test
    void brokenArchivesAreRefused() {
        byte[] tar = new TarWriter().file("file", new byte[100_000]).bytes();
        refused("layer sha256:", Layer.gzip(Arrays.copyOf(tar, 50_000)));
        byte[] damaged = tar.clone();
        damaged[0] ^= 1;
        refused("layer sha256:", Layer.gzip(damaged));
        refused("layer sha256:", Layer.compressed("gzip", GARBAGE, GARBAGE));
    }

    @Test
    void aRefusedLayerTakesNothingOfTheSoundOneBelow() {
        Layer sound = Layer.gzip(new TarWriter().file("sound", "x").bytes());
        byte[] broken = Arrays.copyOf(
                ImageArchive.gzipped(
                        new TarWriter().file("file", new byte[9000]).bytes()),
                40);
        assertThat(load("overlayfs", sound, Layer.compressed("gzip", broken, broken))
                        .fails()
                        .err())
                .contains("layer sha256:");
        assertThat(daemon.ctr("snapshots", "ls").ok().lines())
                .filteredOn(line -> line.contains("Committed"))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(daemon.mountsBelow()).isEmpty();
        load("overlayfs", sound).ok();
        Path root = mounted("overlayfs");
        assertThat(root.resolve("sound")).content().isEqualTo("x");
        unmount("overlayfs", root);
    }

    /** One frame of raw blocks, without a checksum. Source: RFC 8878, section 3.1.1. */
    private static byte[] zstd(byte[] bytes) {
        int longestBlock = 128 << 10;
        ByteBuffer out = ByteBuffer.allocate(bytes.length + 1024).order(ByteOrder.LITTLE_ENDIAN);
        int singleSegmentWithSizeOfFourBytes = 0xA0;
        out.putInt(0xFD2FB528).put((byte) singleSegmentWithSizeOfFourBytes).putInt(bytes.length);
        for (int at = 0; at < bytes.length; at += longestBlock) {
            int size = Math.min(longestBlock, bytes.length - at);
            int header = size << 3 | (at + size == bytes.length ? 1 : 0);
            out.put((byte) header).putShort((short) (header >> 8)).put(bytes, at, size);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
