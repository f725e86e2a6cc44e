package dev.wharf.plugins.transfer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.testkit.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Manifests, indexes and configs that were damaged: each is read or refused, in a way a client can be told. */
final class MutatedDocumentsTest {
    private static final Set<ErrorKind> REFUSALS =
            EnumSet.of(ErrorKind.INVALID_ARGUMENT, ErrorKind.RESOURCE_EXHAUSTED, ErrorKind.NOT_IMPLEMENTED);

    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String BLOB = "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
            + DIGEST + "\",\"size\":123,\"annotations\":{\"a\":\"b\"},\"urls\":[\"https://x.test/y\"]}";
    private static final String MANIFEST = "{\"schemaVersion\":2,\"mediaType\":\"m\",\"config\":" + BLOB
            + ",\"layers\":[" + BLOB + "," + BLOB + "],\"annotations\":{\"c\":\"d\"}}";
    private static final String INDEX = "{\"schemaVersion\":2,\"manifests\":[" + BLOB + ","
            + BLOB.replaceFirst(
                    "\\{",
                    "{\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\","
                            + "\"os.version\":\"1.2\",\"os.features\":[\"x\",\"y\"]},")
            + "]}";
    private static final String CONFIG = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"sh\"]},"
            + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + DIGEST + "\",\"" + DIGEST + "\"]}}";

    private final JacksonDocuments documents = new JacksonDocuments();
    private final Mutations mutations = new Mutations(
            new Random(Long.getLong("wharf.seed", 1)),
            Stream.of(
                            "null",
                            "-1",
                            "1e999999999",
                            "99999999999999999999999999",
                            "[".repeat(5000),
                            "{\"a\":".repeat(2000),
                            "\"\\ud800\"",
                            "\"\"",
                            "[{}]",
                            "\"size\":9223372036854775808,",
                            "\"" + DIGEST + "\"",
                            "\"sha512:" + "0".repeat(128) + "\"",
                            "\ufeff")
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toList());

    @Test
    void manifestsAreReadOrRefused() {
        areReadOrRefused(MANIFEST, documents::manifest);
    }

    @Test
    void indexesAreReadOrRefused() {
        areReadOrRefused(INDEX, documents::index);
    }

    @Test
    void configsAreReadOrRefused() {
        areReadOrRefused(CONFIG, documents::config);
    }

    /** A hundred million bytes of names, of which a table of those that came up would keep all. */
    @Test
    void namesInThemAreNotKept() {
        String filling = "x".repeat(40_000);
        long before = used();
        for (int i = 0; i < 1250; i++) {
            byte[] document = ("{\"" + i + filling + "\":1,\"schemaVersion\":2}").getBytes(StandardCharsets.UTF_8);
            documents.index(document);
            documents.config(document);
        }
        assertThat(used() - before).isLessThan(30_000_000);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void areReadOrRefused(String sound, Consumer<byte[]> read) {
        byte[] document = sound.getBytes(StandardCharsets.UTF_8);
        read.accept(document);
        int refused = 0;
        int count = Mutations.count(4000);
        for (int i = 0; i < count; i++) {
            refused += isRefused(mutations.of(document), read) ? 1 : 0;
        }
        assertThat(refused).as("damaged documents noticed").isGreaterThan(count / 4);
    }

    private static boolean isRefused(byte[] document, Consumer<byte[]> read) {
        try {
            read.accept(document);
            return false;
        } catch (WharfException e) {
            assertThat(REFUSALS).as(text(document)).contains(e.kind());
            assertThat(e.getMessage()).as(text(document)).isNotBlank().hasSizeLessThan(2000);
            return true;
        } catch (RuntimeException | StackOverflowError e) {
            return fail("document: " + text(document), e);
        }
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }
}
