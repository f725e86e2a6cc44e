package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.wharf.Cli;
import dev.wharf.e2e.ImageArchive.Layer;
import dev.wharf.testkit.fuzz.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Images of which an index, a manifest, a config or a layer was damaged, imported and unpacked by the daemon: each comes
 * in or is refused with a text, and the daemon serves on and keeps nothing of them.
 */
final class FuzzImagesTest {
    private static final int IMAGES = Settings.count("images", 200);
    private static final String NAME = "example.com/fuzz:latest";

    /** As in FuzzSocketsTest. */
    private static final int MOST_GROWTH_KIBIBYTES = 1024;

    private static final int MOST_GROWTH_MEBIBYTES = 40;

    private final Random random = new Random(Settings.seed());
    private final Mutations mutations = new Mutations(
            random,
            Stream.of(
                            "null",
                            "-1",
                            "1e999999999",
                            "99999999999999999999999999",
                            "[".repeat(3000),
                            "\"\\ud800\"",
                            "\"size\":9223372036854775808,",
                            "\"sha512:" + "0".repeat(128) + "\"",
                            "../../outside\0",
                            "/etc\0",
                            ".wh..wh..opq\0",
                            "77777777777\0",
                            "30 path=../../outside/secret\n",
                            "22 GNU.sparse.major=1\n")
                    .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                    .toList());
    private final byte[] tar = new TarWriter()
            .directory("bin")
            .file("bin/one", "x".repeat(700))
            .symlink("bin/two", "one")
            .hardLink("three", "bin/one")
            .extended("path", "bin/" + "long".repeat(40), "SCHILY.xattr.user.a", "b")
            .file("x", "long")
            .file("bin/.wh.gone", "")
            .characterDevice("null", 1, 3)
            .bytes();
    private final ImageArchive sound = new ImageArchive(NAME, Layer.gzip(tar));
    private Daemon daemon;
    private Path file;
    private int refused;

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-fuzz-images");
        file = daemon.directory().resolve("image.tar");
        load(sound, 0);
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void theDaemonServesOn() {
        loadMany(IMAGES / 2);
        Footprint half = settled();
        LiveHeap halfHeap = LiveHeap.of(daemon.pid());
        loadMany(IMAGES - IMAGES / 2);
        Footprint whole = settled();
        LiveHeap wholeHeap = LiveHeap.of(daemon.pid());
        System.out.println(IMAGES + " images, " + refused + " refused; after half " + half + ", at the end " + whole
                + ", live heap " + halfHeap.kibibytes() + " and " + wholeHeap.kibibytes() + " KiB");
        assertThat(refused).isBetween(IMAGES / 4, IMAGES - 1);
        assertThat(wholeHeap.kibibytes())
                .as("live heap in KiB; what grew: %s", wholeHeap.growthSince(halfHeap))
                .isLessThan(halfHeap.kibibytes() + MOST_GROWTH_KIBIBYTES);
        assertThat(whole.rssMebibytes()).isLessThan(half.rssMebibytes() + MOST_GROWTH_MEBIBYTES);
        assertThat(daemon.logText()).doesNotContain("OutOfMemory").doesNotContain("request failed unexpectedly");
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private Footprint settled() {
        load(sound, 0);
        daemon.ctr("images", "check").ok();
        return Footprint.of(daemon.pid());
    }

    private void loadMany(int count) {
        for (int i = 0; i < count; i++) {
            refused += load(damaged(), 1);
        }
    }

    private ImageArchive damaged() {
        return switch (random.nextInt(5)) {
            case 0 -> sound.withIndex(mutations.of(sound.index()));
            case 1 -> sound.withManifest(mutations.of(sound.manifest()));
            case 2 -> sound.withConfig(mutations.of(sound.config()));
            case 3 -> new ImageArchive(NAME, Layer.compressed("gzip", mutations.of(ImageArchive.gzipped(tar)), tar));
            default -> new ImageArchive(NAME, Layer.gzip(mutations.of(tar)));
        };
    }

    /** Imports and unpacks an image, and removes it if that went well; 1 if not, which must be told. */
    private int load(ImageArchive image, int mostExit) {
        String path = image.write(file).toString();
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        int exit = wharf(told, "load", path);
        String text = told.toString(StandardCharsets.UTF_8);
        assertThat(exit).as(text).isBetween(0, mostExit);
        if (exit == 0) {
            // Damage may be in the name. An image that stayed would keep the layer, which would not be unpacked again.
            text.lines()
                    .forEach(line -> assertThat(wharf(told, "rmi", line.split(" ", 2)[0]))
                            .as(told.toString(StandardCharsets.UTF_8))
                            .isZero());
        } else {
            assertThat(text).startsWith("wharf: ").hasSizeLessThan(10_000);
        }
        return exit;
    }

    /** Runs the command line program in this process. */
    private int wharf(ByteArrayOutputStream told, String... command) {
        try (PrintStream out = new PrintStream(told, false, StandardCharsets.UTF_8)) {
            List<String> line = Stream.concat(
                            Stream.of("--address", daemon.address(), "--namespace", daemon.namespace()),
                            Stream.of(command))
                    .toList();
            return new Cli(out, out, Map.of()).run(line);
        }
    }
}
