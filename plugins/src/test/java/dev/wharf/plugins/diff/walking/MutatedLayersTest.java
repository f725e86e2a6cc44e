package dev.wharf.plugins.diff.walking;

import static dev.wharf.plugins.diff.walking.Programs.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.github.luben.zstd.Zstd;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.testkit.fuzz.Mutations;
import dev.wharf.testkit.tar.TarBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that were damaged: each is applied or refused, and what lies beside the target never changes. */
final class MutatedLayersTest {
    private static final int BLOCK = 512;
    private static final int SUM_AT = 148;
    private static final int MAGIC_AT = 257;

    /** How many are applied onto one another before the target is made anew. */
    private static final int ROUND = 50;

    @TempDir
    Path dir;

    private final Random random = new Random(Long.getLong("wharf.seed", 1));
    private final Mutations mutations = new Mutations(
            random,
            Stream.of(
                            "../../../outside/secret\0",
                            "/etc\0",
                            "planted/secret\0",
                            ".wh..wh..opq\0",
                            ".wh.\0",
                            "77777777777\0",
                            "30 path=../../outside/secret\n",
                            "99999999999 size=1\n",
                            "22 GNU.sparse.major=1\n",
                            "ustar  \0")
                    .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                    .toList());
    private Path target;
    private Path outside;
    private Map<String, String> before = Map.of();

    @BeforeEach
    void makeSurroundings() throws IOException {
        outside = Files.createDirectory(dir.resolve("outside"));
        sh(outside, "echo secret > secret; chmod 600 secret; mkdir d; echo x > d/x; touch -d @1000000000 d secret");
        before = Tree.of(outside);
        target = dir.resolve("deep/down/target");
    }

    private static byte[] sound() {
        return new TarBytes()
                .directory("usr")
                .directory("usr/bin")
                .file("usr/bin/one", "x".repeat(700))
                .pax("SCHILY.xattr.user.a", "b")
                .file("usr/bin/two", "two")
                .symlink("usr/link", "bin/one")
                .hardLink("usr/hard", "usr/bin/one")
                .pax("path", "usr/" + "long".repeat(40))
                .file("x", "long")
                .file("usr/.wh.gone", "")
                .directory("opaque")
                .file("opaque/.wh..wh..opq", "")
                .add(TarBytes.header("null", '3').device(1, 3))
                .add(TarBytes.header("fifo", '6'))
                .finished();
    }

    @Test
    void archivesAreAppliedOrRefused() {
        areAppliedOrRefused(() -> withSums(mutations.of(sound())), 600);
    }

    @Test
    void compressedArchivesAreAppliedOrRefused() {
        byte[] gzip = gzip(sound());
        byte[] zstd = Zstd.compress(sound());
        areAppliedOrRefused(() -> mutations.of(random.nextBoolean() ? gzip : zstd), 300);
    }

    @Test
    void damageInsideCompressionIsRefusedOrApplied() {
        UnaryOperator<byte[]> compress = bytes -> random.nextBoolean() ? gzip(bytes) : Zstd.compress(bytes);
        areAppliedOrRefused(() -> compress.apply(withSums(mutations.of(sound()))), 300);
    }

    /** What makes a layer. */
    private interface Making {
        byte[] layer();
    }

    private void areAppliedOrRefused(Making making, int usual) {
        int count = Mutations.count(usual);
        int refused = 0;
        for (int i = 0; i < count; i++) {
            if (i % ROUND == 0) {
                makeTarget();
            }
            refused += isRefused(making.layer()) ? 1 : 0;
        }
        nothingOutsideChanged();
        assertThat(refused).as("damaged layers noticed").isGreaterThan(count / 10);
    }

    private void makeTarget() {
        if (Files.exists(dir.resolve("deep"))) {
            nothingOutsideChanged();
            sh(dir, "rm -r deep");
        }
        sh(dir, "mkdir -p deep/down/target; ln -s " + outside + " deep/down/target/planted");
    }

    private void nothingOutsideChanged() {
        assertThat(Tree.of(outside)).isEqualTo(before);
        assertThat(dir.resolve("deep/down").toFile().list()).containsExactly("target");
        assertThat(dir.resolve("deep").toFile().list()).containsExactly("down");
    }

    private boolean isRefused(byte[] layer) {
        MemoryContent content = new MemoryContent();
        Descriptor descriptor = content.add(MediaTypes.OCI_LAYER_GZIP, layer);
        Mount bind = Mount.of("bind", target.toString(), List.of("rw", "rbind"));
        TarBounds bounds = TarBounds.DEFAULT.withArchiveBytes(1 << 20);
        try {
            new WalkingApplier(content, bounds, dir.resolve("mounts"))
                    .apply(Context.of("test"), descriptor, List.of(bind), Applier.Options.DEFAULT);
            return false;
        } catch (WharfException e) {
            assertThat(e.getMessage()).as(shown(layer)).isNotBlank().hasSizeLessThan(20_000);
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("layer: " + shown(layer), e);
        }
    }

    private static String shown(byte[] layer) {
        return layer.length < 1000
                ? HexFormat.of().formatHex(layer)
                : Base64.getEncoder().encodeToString(layer);
    }

    /** The same with right sums in what looks like headers, so that damage gets further than to them. */
    private static byte[] withSums(byte[] tar) {
        for (int at = 0; at + BLOCK <= tar.length; at += BLOCK) {
            if (new String(tar, at + MAGIC_AT, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
                sum(tar, at);
            }
        }
        return tar;
    }

    private static void sum(byte[] tar, int at) {
        for (int i = 0; i < 8; i++) {
            tar[at + SUM_AT + i] = ' ';
        }
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += tar[at + i] & 0xff;
        }
        byte[] octal = "%06o\0".formatted(sum).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(octal, 0, tar, at + SUM_AT, octal.length);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
