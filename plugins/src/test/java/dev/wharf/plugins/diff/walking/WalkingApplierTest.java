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
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.testkit.tar.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkingApplierTest {
    private static final Context CTX = Context.of("test");

    @TempDir
    Path dir;

    private final MemoryContent content = new MemoryContent();
    private Path target;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(dir.resolve("target"));
    }

    @AfterEach
    void nothingStaysMounted() {
        assertThat(MountInfo.read())
                .extracting(MountInfo::mountPoint)
                .noneMatch(point -> point.startsWith(dir.toString()));
    }

    private WalkingApplier applier(TarBounds bounds) {
        return new WalkingApplier(content, bounds, dir.resolve("mounts"));
    }

    private Descriptor apply(String mediaType, byte[] blob, Mount... mounts) {
        Descriptor layer = content.add(mediaType, blob);
        return applier(TarBounds.DEFAULT).apply(CTX, layer, Arrays.asList(mounts), Applier.Options.DEFAULT);
    }

    private Mount bind() {
        return Mount.of("bind", target.toString(), List.of("rw", "rbind"));
    }

    private Descriptor apply(byte[] tar) {
        return apply(MediaTypes.OCI_LAYER, tar, bind());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.asList(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private Path sourceTree() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        sh(source, """
                mkdir -p usr/bin etc "dir with blank" deep/$(printf 'x%.0s' $(seq 90))/$(printf 'y%.0s' $(seq 120))
                echo hello > usr/bin/hello; chmod 4755 usr/bin/hello
                ln usr/bin/hello usr/bin/again
                ln -s ../usr/bin/hello etc/link; ln -s /absolute/nowhere etc/dangling
                ln -s $(printf 'z%.0s' $(seq 200)) etc/longlink
                (cd deep/x*/y*; echo deep > file)
                mkfifo etc/fifo; mknod etc/null c 1 3; mknod etc/loop b 7 77
                truncate -s 1M etc/sparse; printf data | dd of=etc/sparse bs=1 seek=500000 conv=notrunc 2>/dev/null
                truncate -s 3M etc/hole
                echo ü > "dir with blank/größe"; echo bytes > "$(printf 'not\\377utf8')"
                chown 1234:4321 etc/link usr/bin/hello; chown 2000000:2000001 etc; chmod 1777 etc
                chmod 4755 usr/bin/hello
                touch -h -d '2001-02-03 04:05:06.123456789' etc/link etc/fifo usr/bin/hello usr/bin deep
                """);
        return source;
    }

    private void addXattrs(Path source) {
        byte[] binary = {1, 0, 0, 2, 0, (byte) 0xff, (byte) 0xa4, 0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        Xattr.set(source.resolve("usr/bin/hello"), "security.capability", binary, 0);
        Xattr.set(source.resolve("usr/bin/hello"), "user.bytes", new byte[] {(byte) 0xc3, 0, '\n', '=', -1}, 0);
        Xattr.set(source.resolve("etc"), "user.on.directory", new byte[] {1}, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pax", "gnu"})
    void treePackedByGnuTarComesOutTheSame(String format) throws IOException {
        Path source = sourceTree();
        boolean pax = format.equals("pax");
        if (pax) {
            addXattrs(source);
        }
        String xattrs = pax ? " --xattrs --xattrs-include='*'" : "";
        sh(dir, "tar -C source --sparse --numeric-owner --format=" + format + xattrs + " -cf layer.tar .");
        byte[] tar = Files.readAllBytes(dir.resolve("layer.tar"));

        Descriptor applied = apply(tar);

        ChronoUnit precision = pax ? ChronoUnit.NANOS : ChronoUnit.SECONDS;
        assertThat(Tree.of(target, precision, true)).isEqualTo(Tree.of(source, precision, true));
        assertThat(applied).isEqualTo(new Descriptor(MediaTypes.OCI_LAYER, Digest.sha256(tar), tar.length));
        assertThat(Stat.of(target.resolve("etc/hole")).blocks()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0.1", "1.0"})
    void sparseFileOfEveryPaxVersionComesOutTheSame(String version) throws IOException {
        Path source = sourceTree();
        sh(
                dir,
                "tar -C source --sparse --format=pax --sparse-version=" + version
                        + " -cf layer.tar etc/sparse etc/hole");

        apply(Files.readAllBytes(dir.resolve("layer.tar")));

        assertThat(Files.mismatch(source.resolve("etc/sparse"), target.resolve("etc/sparse")))
                .isEqualTo(-1);
        assertThat(Files.size(target.resolve("etc/hole"))).isEqualTo(3 << 20);
    }

    @Test
    void ustarArchiveComesOutTheSame() throws IOException {
        Path source = Files.createDirectory(dir.resolve("source"));
        sh(source, "mkdir -p a/" + "b".repeat(95) + "; (cd a/bbb*; echo x > file); ln -s file a/link; mkfifo a/pipe");
        sh(dir, "tar -C source --numeric-owner --format=ustar -cf layer.tar .");

        apply(Files.readAllBytes(dir.resolve("layer.tar")));

        assertThat(Tree.of(target, ChronoUnit.SECONDS, true)).isEqualTo(Tree.of(source, ChronoUnit.SECONDS, true));
    }

    @Test
    void compressionIsToldByContent() throws IOException {
        byte[] tar = new TarBytes().file("f", "x").finished();
        byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        List<byte[]> blobs = List.of(
                tar,
                gzip(tar),
                join(gzip(Arrays.copyOf(tar, 700)), gzip(Arrays.copyOfRange(tar, 700, tar.length))),
                Zstd.compress(tar),
                join(
                        skippable,
                        Zstd.compress(Arrays.copyOf(tar, 600)),
                        skippable,
                        Zstd.compress(Arrays.copyOfRange(tar, 600, tar.length))));
        for (byte[] blob : blobs) {
            assertThat(apply(MediaTypes.DOCKER_LAYER_GZIP, blob, bind()).digest())
                    .isEqualTo(Digest.sha256(tar));
            assertThat(target.resolve("f")).hasContent("x");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oci.image.layer.v1.tar",
                "application/vnd.oci.image.layer.v1.tar+gzip",
                "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
                "application/vnd.docker.image.rootfs.diff.tar.zstd",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
            })
    void layerMediaTypesAreHandled(String mediaType) {
        byte[] tar = new TarBytes().file("f", "x").finished();
        assertThat(apply(mediaType, tar, bind()).mediaType()).isEqualTo(MediaTypes.OCI_LAYER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oci.image.layer.v1.tar+encrypted",
                "application/vnd.erofs.layer.v1",
                "application/vnd.oci.image.config.v1+json"
            })
    void otherMediaTypesAreNotImplemented(String mediaType) {
        assertFails(ErrorKind.NOT_IMPLEMENTED, mediaType, () -> apply(mediaType, new byte[1024], bind()));
    }

    @Test
    void digestCoversWhatFollowsTheEndOfTheArchive() {
        byte[] tar = join(new TarBytes().file("f", "x").finished(), new byte[9000], new byte[] {1, 2, 3});
        Descriptor applied = apply(tar);
        assertThat(applied.digest()).isEqualTo(Digest.sha256(tar));
        assertThat(applied.size()).isEqualTo(tar.length);
    }

    @Test
    void emptyBlobIsAnEmptyLayer() {
        assertThat(apply(new byte[0]).digest()).isEqualTo(Digest.sha256(new byte[0]));
    }

    @Test
    void archiveWithoutEndingZerosIsWhole() {
        apply(new TarBytes().file("f", "x").open());
        assertThat(target.resolve("f")).hasContent("x");
    }

    @Test
    void whiteoutsRemoveFromMergedTarget() throws IOException {
        sh(target, "mkdir -p a/b/c d/e; touch a/b/c/f d/e/f gone d/stays");
        apply(new TarBytes()
                .file(".wh.gone", "")
                .file("a/.wh.b", "")
                .directory("d")
                .file("d/new", "new")
                .directory("d/e")
                .file("d/e/new", "")
                .file("d/.wh..wh..opq", "")
                .file(".wh..wh.plnk", "")
                .file("nowhere/.wh.missing", "")
                .finished());
        assertThat(Tree.of(target)).containsOnlyKeys("a", "d", "d/new", "d/e", "d/e/new", "nowhere");
    }

    @Test
    void directoriesMergeAndOtherTypesReplace() throws IOException {
        sh(target, "mkdir -p dir/kept full/of/things; echo old > file; ln -s dir link; echo o > other");
        apply(new TarBytes()
                .add(TarBytes.header("dir/", '5').mode(02700).owner(7, 8))
                .file("full", "now a file")
                .directory("file")
                .directory("link")
                .symlink("other", "dir")
                .finished());
        Map<String, String> tree = Tree.of(target);
        assertThat(tree).containsOnlyKeys("dir", "dir/kept", "full", "file", "link", "other");
        assertThat(tree.get("dir")).startsWith("DIRECTORY 2700 7:8");
        assertThat(tree.get("full")).startsWith("REGULAR");
        assertThat(tree.get("file")).startsWith("DIRECTORY");
        assertThat(tree.get("link")).startsWith("DIRECTORY");
        assertThat(tree.get("other")).startsWith("SYMLINK");
    }

    @Test
    void parentsThroughLinksAreFollowedWithinTheRoot() throws IOException {
        sh(target, "mkdir -p usr/lib; ln -s usr/lib lib; ln -s /opt/made dangling; ln -s loop loop");
        apply(new TarBytes().file("lib/a", "a").file("dangling/b", "b").finished());
        assertThat(target.resolve("usr/lib/a")).hasContent("a");
        assertThat(target.resolve("opt/made/b")).hasContent("b");
        assertThat(Stat.of(target.resolve("opt")).permissions()).isEqualTo(0755);
    }

    @Test
    void trustedAttributesAreIgnored() {
        apply(new TarBytes()
                .pax(new LinkedHashMap<>(Map.of(
                        "SCHILY.xattr.trusted.overlay.opaque", new byte[] {'y'},
                        "SCHILY.xattr.user.kept", new byte[] {1})))
                .directory("d")
                .finished());
        assertThat(Xattr.list(target.resolve("d"))).containsExactly("user.kept");
    }

    @Test
    void libarchiveAttributesAreTaken() {
        apply(new TarBytes()
                .pax("LIBARCHIVE.xattr.user.%41b", "AP8B")
                .file("f", "x")
                .finished());
        assertThat(Xattr.get(target.resolve("f"), "user.Ab")).hasValue(new byte[] {0, -1, 1});
    }

    @Test
    void timesBeforeTheEpochAndFarAwayBecomeTheEpoch() {
        apply(new TarBytes()
                .pax("mtime", "-5.5")
                .file("old", "")
                .pax("mtime", "99999999999")
                .file("far", "")
                .finished());
        assertThat(Stat.of(target.resolve("old")).modified()).isEqualTo(Instant.EPOCH);
        assertThat(Stat.of(target.resolve("far")).modified()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void hardLinkKeepsTheCapabilitiesOfItsFile() {
        byte[] capability = {1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        apply(new TarBytes()
                .pax(new LinkedHashMap<>(Map.of("SCHILY.xattr.security.capability", capability)))
                .add(TarBytes.header("ping", '0').mode(04755))
                .add(TarBytes.header("ping6", '1').link("ping").mode(04755))
                .finished());
        assertThat(Xattr.get(target.resolve("ping6"), "security.capability")).hasValue(capability);
        assertThat(Stat.of(target.resolve("ping6")).permissions()).isEqualTo(04755);
    }

    @Test
    void otherMountsAreMountedForTheTimeOfTheApply() {
        apply(
                MediaTypes.OCI_LAYER,
                new TarBytes().file("f", "x").finished(),
                Mount.of("tmpfs", "tmpfs", List.of("size=1m")),
                bind());
        assertThat(target.resolve("f")).hasContent("x");
    }

    @Test
    void temporaryMountIsGoneAfterAFailure() {
        Mount readOnly = Mount.of("bind", target.toString(), List.of("ro", "rbind"));
        byte[] tar = new TarBytes().file("f", "x").finished();
        assertFails(ErrorKind.FAILED_PRECONDITION, "\"f\"", () -> apply(MediaTypes.OCI_LAYER, tar, readOnly));
        Mount broken = Mount.of("tmpfs", "tmpfs", List.of("nonsense=1"));
        assertFails(ErrorKind.FAILED_PRECONDITION, "tmpfs", () -> apply(MediaTypes.OCI_LAYER, tar, bind(), broken));
        assertThat(dir.resolve("mounts")).isEmptyDirectory();
    }

    @Test
    void mountsForAMountManagerAreNotImplemented() {
        byte[] tar = new TarBytes().finished();
        Mount formatted = Mount.of("format/overlay", "overlay", List.of());
        assertFails(ErrorKind.NOT_IMPLEMENTED, "format/", () -> apply(MediaTypes.OCI_LAYER, tar, formatted));
        assertFails(ErrorKind.INVALID_ARGUMENT, "mount", () -> apply(MediaTypes.OCI_LAYER, tar));
    }

    @Test
    void missingBlobIsNotFound() {
        Descriptor missing = new Descriptor(MediaTypes.OCI_LAYER, Digest.sha256(new byte[] {1}), 1);
        assertFails(
                ErrorKind.NOT_FOUND,
                "sha256",
                () -> applier(TarBounds.DEFAULT).apply(CTX, missing, List.of(bind()), Applier.Options.DEFAULT));
    }

    @Test
    void resultIsSyncedWhenAsked() {
        Descriptor layer =
                content.add(MediaTypes.OCI_LAYER, new TarBytes().file("f", "x").finished());
        applier(TarBounds.DEFAULT).apply(CTX, layer, List.of(bind()), new Applier.Options(Map.of(), true));
        assertThat(target.resolve("f")).hasContent("x");
    }

    @Test
    void pastDeadlineEndsTheApply() {
        Descriptor layer =
                content.add(MediaTypes.OCI_LAYER, new TarBytes().file("f", "x").finished());
        Context late = CTX.withDeadline(Context.Deadline.after(Duration.ofSeconds(-1), InstantSource.system()));
        assertFails(
                ErrorKind.DEADLINE_EXCEEDED,
                "time",
                () -> applier(TarBounds.DEFAULT).apply(late, layer, List.of(bind()), Applier.Options.DEFAULT));
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void interruptEndsTheApply() {
        Thread.currentThread().interrupt();
        try {
            assertFails(
                    ErrorKind.CANCELLED,
                    "apply",
                    () -> apply(new TarBytes().file("f", "x").finished()));
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void hundredThousandFilesInOneDirectoryComeOut() throws IOException {
        TarBytes tar = new TarBytes().directory("d");
        for (int i = 0; i < 100_000; i++) {
            tar.file("d/" + i, "");
        }
        apply(gzip(tar.finished()));
        try (var files = Files.list(target.resolve("d"))) {
            assertThat(files.count()).isEqualTo(100_000);
        }
    }

    @Test
    void mutatedArchivesFailClearlyOrApply() throws IOException {
        sourceTree();
        sh(dir, "tar -C source --sparse --format=pax -cf layer.tar .");
        byte[] tar = Arrays.copyOf(Files.readAllBytes(dir.resolve("layer.tar")), 20_000);
        Random random = new Random(42);
        for (int round = 0; round < 300; round++) {
            byte[] mutant = tar.clone();
            for (int i = 0; i < 3; i++) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            try {
                apply(mutant);
            } catch (WharfException e) {
                assertThat(e.kind()).as(e.getMessage()).isIn(ErrorKind.INVALID_ARGUMENT, ErrorKind.RESOURCE_EXHAUSTED);
            }
        }
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
