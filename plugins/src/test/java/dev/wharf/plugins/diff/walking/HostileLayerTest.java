package dev.wharf.plugins.diff.walking;

import static dev.wharf.plugins.diff.walking.Programs.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.testkit.tar.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that mean harm: each is confined or refused, and what lies beside the target never changes. */
class HostileLayerTest {
    @TempDir
    Path dir;

    private final MemoryContent content = new MemoryContent();
    private Path target;
    private Path outside;
    private Map<String, String> before = Map.of();

    @BeforeEach
    void makeTargetAndItsSurroundings() throws IOException {
        target = Files.createDirectories(dir.resolve("deep/down/target"));
        outside = Files.createDirectory(dir.resolve("outside"));
        sh(outside, "echo secret > secret; chmod 600 secret; mkdir d; echo x > d/x; touch -d @1000000000 d secret");
        sh(target, "mkdir -p existing; ln -s " + outside + " planted; ln -s ../../../outside relative");
        before = Tree.of(outside);
    }

    @AfterEach
    void nothingOutsideChanged() {
        assertThat(Tree.of(outside)).isEqualTo(before);
        assertThat(Tree.of(dir.resolve("deep")))
                .allSatisfy((path, line) -> assertThat(path).matches("down|down/target|down/target/.*"));
    }

    private void apply(byte[] blob) {
        apply(blob, TarBounds.DEFAULT);
    }

    private void apply(byte[] blob, TarBounds bounds) {
        Descriptor layer = content.add(MediaTypes.OCI_LAYER_GZIP, blob);
        Mount bind = Mount.of("bind", target.toString(), List.of("rw", "rbind"));
        new WalkingApplier(content, bounds, dir.resolve("mounts"))
                .apply(Context.of("test"), layer, List.of(bind), Applier.Options.DEFAULT);
    }

    @Test
    void namesThatClimbStayInTheRoot() {
        apply(new TarBytes()
                .file("../../../outside/secret", "a")
                .file("/absolute", "b")
                .file("existing/../../../up", "c")
                .file("..", "d")
                .directory("../..")
                .file("existing/..//./../x", "e")
                .finished());
        assertThat(target.resolve("outside/secret")).hasContent("a");
        assertThat(target.resolve("absolute")).hasContent("b");
        assertThat(target.resolve("up")).hasContent("c");
        assertThat(target.resolve("x")).hasContent("e");
    }

    @Test
    void writingThroughLinksStaysInTheRoot() {
        apply(new TarBytes()
                .symlink("abs", outside.toString())
                .file("abs/secret", "a")
                .symlink("climb", "../../../../outside")
                .file("climb/d/x", "b")
                .symlink("one", "two")
                .symlink("two", "/../../outside/d")
                .file("one/x", "c")
                .file("planted/new", "d")
                .file("relative/new", "e")
                .directory("abs/d")
                .symlink("existing/self", "/")
                .file("existing/self/existing/self/top", "f")
                .finished());
        assertThat(target.resolve(outside.toString().substring(1)).resolve("secret"))
                .hasContent("a");
        assertThat(target.resolve("outside/d/x")).hasContent("c");
        assertThat(target.resolve("outside/new")).hasContent("e");
        assertThat(target.resolve("top")).hasContent("f");
    }

    @Test
    void entryReplacesALinkRatherThanItsTarget() {
        apply(new TarBytes()
                .symlink("f", outside.resolve("secret").toString())
                .file("f", "mine")
                .symlink("d", outside.resolve("d").toString())
                .add(TarBytes.header("d", '5').mode(0777).owner(5, 5))
                .symlink("p", outside.resolve("secret").toString())
                .add(TarBytes.header("p", '6').mode(0777).owner(5, 5))
                .finished());
        assertThat(target.resolve("f")).hasContent("mine");
        assertThat(target.resolve("d")).isEmptyDirectory();
    }

    @Test
    void whiteoutsAndOpaqueMarksStayInTheRoot() {
        apply(new TarBytes()
                .symlink("abs", outside.toString())
                .file("abs/.wh.secret", "")
                .file("abs/.wh..wh..opq", "")
                .file("planted/.wh.d", "")
                .file("relative/.wh..wh..opq", "")
                .file("../../../outside/.wh.secret", "")
                .finished());
    }

    @Test
    void hardLinksToOutsideFindNothing() {
        for (String link : List.of(
                outside.resolve("secret").toString(), "../../../outside/secret", "planted/secret", "relative/secret")) {
            byte[] tar = new TarBytes().hardLink("stolen", link).finished();
            assertFails(ErrorKind.INVALID_ARGUMENT, "\"stolen\"", () -> apply(tar));
            assertThat(target.resolve("stolen")).doesNotExist();
        }
    }

    @Test
    void hardLinkToALinkDoesNotFollowIt() {
        apply(new TarBytes()
                .symlink("l", outside.resolve("secret").toString())
                .add(TarBytes.header("h", '1').link("l").mode(0777).owner(9, 9))
                .finished());
        assertThat(Files.isSymbolicLink(target.resolve("h"))).isTrue();
    }

    @Test
    void parentSwappedForALinkBetweenEntriesIsSeen() {
        apply(new TarBytes()
                .directory("p")
                .file("p/first", "1")
                .symlink("p", outside.toString())
                .file("p/secret", "2")
                .directory("q/r")
                .file("q/r/first", "1")
                .symlink("q", outside.toString())
                .file("q/r/second", "2")
                .finished());
        assertThat(target.resolve(outside.toString().substring(1)).resolve("secret"))
                .hasContent("2");
    }

    @Test
    void parentSwappedForALinkByAnotherProcessLeadsNowhereElse() throws Exception {
        sh(target, "mkdir p q; ln -s " + outside + " r");
        TarBytes tar = new TarBytes();
        for (int i = 0; i < 2000; i++) {
            tar.file((i % 2 == 0 ? "p/" : "q/") + i, "x").file("p/.wh.d", "").symlink("p/secret", "x");
        }
        AtomicBoolean done = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(done));
        try {
            apply(tar.finished());
        } catch (WharfException e) {
            assertThat(e).hasMessageContaining("apply entry");
        } finally {
            done.set(true);
            swapper.join();
        }
    }

    private void swap(AtomicBoolean done) {
        try (Fd root = Fd.directory(target)) {
            while (!done.get()) {
                FilesAt.rename(root, "p", root, "r", FilesAt.RENAME_EXCHANGE);
            }
        }
    }

    @Test
    void directoryTimesDoNotGoThroughALinkPutInItsPlace() {
        apply(new TarBytes()
                .add(TarBytes.header("t/d", '5').mode(0755).time(5))
                .symlink("t", outside.toString())
                .finished());
    }

    @Test
    void duplicatesThatChangeTypeLeaveTheLast() {
        apply(new TarBytes()
                .file("a", "file")
                .directory("a")
                .file("a/b", "x")
                .symlink("a", "nowhere")
                .add(TarBytes.header("a", '3').device(1, 3))
                .add(TarBytes.header("a", '6'))
                .file("a", "last")
                .finished());
        assertThat(target.resolve("a")).hasContent("last");
    }

    static Stream<Named<byte[]>> malformed() {
        byte[] good = new TarBytes().file("culprit", "x".repeat(1000)).finished();
        byte[] flipped = good.clone();
        flipped[3] ^= 1;
        return Stream.of(
                Named.of(
                        "file below a file",
                        new TarBytes().file("f", "").file("f/culprit", "").finished()),
                Named.of(
                        "loop of links",
                        new TarBytes().symlink("l", "l").file("l/culprit", "").finished()),
                Named.of("whiteout of ..", new TarBytes().file("d/.wh...", "").finished()),
                Named.of("whiteout of .", new TarBytes().file("d/.wh..", "").finished()),
                Named.of(
                        "whiteout without a name",
                        new TarBytes().file("d/.wh.", "").finished()),
                Named.of(
                        "name too long",
                        new TarBytes()
                                .pax("path", "n".repeat(300))
                                .file("x", "")
                                .finished()),
                Named.of("empty link", new TarBytes().symlink("culprit", "").finished()),
                Named.of(
                        "hard link to itself",
                        new TarBytes().hardLink("culprit", "culprit").finished()),
                Named.of(
                        "hard link to a directory",
                        new TarBytes().hardLink("culprit", "existing").finished()),
                Named.of(
                        "hard link to the root",
                        new TarBytes().hardLink("culprit", "/").finished()),
                Named.of(
                        "device out of range",
                        new TarBytes()
                                .add(TarBytes.header("culprit", '4').device(0x1000, 0))
                                .finished()),
                Named.of(
                        "unknown type",
                        new TarBytes().add(TarBytes.header("culprit", 'V')).finished()),
                Named.of(
                        "owner -1",
                        new TarBytes()
                                .pax("uid", "4294967295")
                                .file("culprit", "")
                                .finished()),
                Named.of(
                        "negative owner",
                        new TarBytes().pax("uid", "-1").file("culprit", "").finished()),
                Named.of("checksum", flipped),
                Named.of("cut within content", Arrays.copyOf(good, 900)),
                Named.of("cut within header", Arrays.copyOf(good, 300)),
                Named.of(
                        "pax header without entry",
                        new TarBytes().pax("path", "culprit").finished()),
                Named.of(
                        "malformed pax",
                        new TarBytes()
                                .add(TarBytes.header("culprit", 'x').size(5), "99 a=".getBytes(StandardCharsets.UTF_8))
                                .finished()),
                Named.of(
                        "NUL in a name",
                        new TarBytes().pax("path", "a\0culprit").file("x", "").finished()),
                Named.of(
                        "bad number",
                        new TarBytes()
                                .add(TarBytes.header("culprit", '0')
                                        .bytes(124, 12, "99x".getBytes(StandardCharsets.UTF_8)))
                                .finished()),
                Named.of(
                        "overlapping sparse map",
                        new TarBytes()
                                .pax(sparse("0,5,3,5", 10))
                                .file("culprit", "0123456789")
                                .finished()),
                Named.of(
                        "sparse map beyond the end",
                        new TarBytes()
                                .pax(sparse("5,10", 10))
                                .file("culprit", "0123456789")
                                .finished()),
                Named.of(
                        "sparse map without content",
                        new TarBytes()
                                .pax(sparse("0,99", 100))
                                .file("culprit", "0123456789")
                                .finished()));
    }

    private static Map<String, byte[]> sparse(String map, long size) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        records.put("GNU.sparse.map", map.getBytes(StandardCharsets.UTF_8));
        records.put("GNU.sparse.size", String.valueOf(size).getBytes(StandardCharsets.UTF_8));
        return records;
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedArchiveIsRefused(byte[] tar) {
        assertFails(ErrorKind.INVALID_ARGUMENT, "entry", () -> apply(tar));
    }

    static Stream<Named<byte[]>> excessive() {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 1500; i++) {
            deep.append("d/");
        }
        return Stream.of(
                Named.of(
                        "too deep",
                        new TarBytes().pax("path", deep + "x").file("x", "").finished()),
                Named.of(
                        "path too long",
                        new TarBytes()
                                .pax("path", "a/".repeat(3000))
                                .file("x", "")
                                .finished()),
                Named.of(
                        "pax header too large",
                        new TarBytes()
                                .pax("comment", "c".repeat(2 << 20))
                                .file("x", "")
                                .finished()),
                Named.of(
                        "attribute too large",
                        new TarBytes()
                                .pax("SCHILY.xattr.user.x", "v".repeat(70_000))
                                .file("x", "")
                                .finished()),
                Named.of(
                        "file too large",
                        new TarBytes()
                                .pax("size", "99999999999999")
                                .file("x", "")
                                .finished()),
                Named.of(
                        "holes too large",
                        new TarBytes()
                                .pax(sparse("0,1", 99999999999999L))
                                .file("x", "1")
                                .finished()));
    }

    @ParameterizedTest
    @MethodSource("excessive")
    void archiveBeyondABoundIsRefused(byte[] tar) {
        assertFails(ErrorKind.RESOURCE_EXHAUSTED, "bound", () -> apply(tar));
    }

    @Test
    void manyLinkedDirectoriesCannotGoDeeperThanTheBound() {
        TarBytes tar = new TarBytes();
        String part = "d/".repeat(300);
        tar.pax("path", part).directory("x").pax("linkpath", part).symlink("link", "x");
        tar.pax("path", "link/" + part).directory("x");
        assertFails(ErrorKind.RESOURCE_EXHAUSTED, "depth", () -> apply(tar.finished()));
        sh(target, "rm -r d");
    }

    @Test
    void deepestDirectoryIsReplaced() {
        String deepest = "d/".repeat(511) + "x";
        apply(new TarBytes()
                .pax("path", deepest)
                .file("x", "deep")
                .file("d", "flat")
                .finished());
        assertThat(target.resolve("d")).hasContent("flat");
    }

    @Test
    void moreEntriesThanTheBoundAreRefused() {
        TarBytes tar = new TarBytes().file("1", "").file("2", "").file("third", "");
        TarBounds two = TarBounds.DEFAULT.withEntries(2);
        assertFails(ErrorKind.RESOURCE_EXHAUSTED, "\"third\"", () -> apply(tar.finished(), two));
    }

    @Test
    void bombIsStoppedAtTheBound() throws IOException {
        byte[] zeros = new byte[1 << 20];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(new TarBytes().file("f", "x").finished());
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        TarBounds bounds = TarBounds.DEFAULT.withArchiveBytes(32 << 20);
        assertFails(ErrorKind.RESOURCE_EXHAUSTED, "bound", () -> apply(out.toByteArray(), bounds));
    }

    @Test
    void damagedCompressionIsRefused() throws IOException {
        byte[] tar = new TarBytes().file("f", "content".repeat(1000)).finished();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(tar);
        }
        byte[] gzip = out.toByteArray();
        byte[] zstd = Zstd.compress(tar);
        byte[] wrongSum = gzip.clone();
        wrongSum[gzip.length - 6] ^= 1;
        byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);
        for (byte[] broken : List.of(
                Arrays.copyOf(gzip, gzip.length - 1),
                Arrays.copyOf(gzip, gzip.length / 2),
                wrongSum,
                joined(gzip, garbage),
                joined(gzip, new byte[] {0}),
                Arrays.copyOf(zstd, zstd.length - 3),
                joined(zstd, garbage))) {
            assertFails(ErrorKind.INVALID_ARGUMENT, "layer sha256:", () -> apply(broken));
        }
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static void assertFails(
            ErrorKind kind, String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WharfException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .hasMessageContaining(text);
    }
}
