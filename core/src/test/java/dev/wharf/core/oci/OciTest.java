package dev.wharf.core.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OciTest {
    private static final String EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void digestsOfBytesParseBack() {
        assertThat(Digest.sha256(new byte[0])).isEqualTo(Digest.parse(EMPTY)).hasToString(EMPTY);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "sha256",
                "sha256:",
                ":abc",
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "sha256:../../../../etc/passwd"
            })
    void badDigestsAreRefused(String text) {
        assertThatThrownBy(() -> Digest.parse(text)).hasMessageContaining("digest");
    }

    @Test
    void ofALongTextThatIsNoDigestAnErrorShowsTheStart() {
        String text = "x".repeat(1 << 20);
        for (String bad : List.of(text, text + ":00", "sha256:" + text)) {
            assertThatThrownBy(() -> Digest.parse(bad))
                    .message()
                    .contains("xxx…")
                    .hasSizeLessThan(400);
        }
    }

    @Test
    void chainIdsHashTheParentAndTheDiffId() {
        Digest a = Digest.sha256("a".getBytes(StandardCharsets.UTF_8));
        Digest b = Digest.sha256("b".getBytes(StandardCharsets.UTF_8));
        Digest ab = Digest.sha256((a + " " + b).getBytes(StandardCharsets.UTF_8));
        assertThat(ChainId.ofEach(List.of(a, b))).containsExactly(a, ab);
        assertThat(ChainId.ofEach(List.of())).isEmpty();
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource({
        "linux/amd64,linux/amd64",
        "linux/x86_64,linux/amd64",
        "Linux/AArch64,linux/arm64",
        "linux/arm64/v8,linux/arm64",
        "linux/arm,linux/arm/v7",
        "linux/armel,linux/arm/v6",
        "linux/arm/7,linux/arm/v7",
        "arm64,linux/arm64",
        "linux/i386,linux/386"
    })
    void platformsAreNormalised(String text, String normal) {
        assertThat(Platform.parse(text)).hasToString(normal);
    }

    @Test
    void layersIndexesAndManifestsAreToldApart() {
        assertThat(MediaTypes.isLayer(MediaTypes.DOCKER_LAYER_GZIP)).isTrue();
        assertThat(MediaTypes.isLayer(MediaTypes.OCI_LAYER_ZSTD)).isTrue();
        assertThat(MediaTypes.isLayer(MediaTypes.OCI_CONFIG)).isFalse();
        assertThat(MediaTypes.isIndex(MediaTypes.DOCKER_INDEX)).isTrue();
        assertThat(MediaTypes.isManifest(MediaTypes.OCI_MANIFEST)).isTrue();
    }
}
