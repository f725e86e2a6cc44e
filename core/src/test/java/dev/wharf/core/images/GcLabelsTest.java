package dev.wharf.core.images;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GcLabelsTest {
    @Test
    void childrenAreNumberedByKind() {
        assertThat(GcLabels.of(List.of(
                        blob(MediaTypes.OCI_CONFIG, 1),
                        blob(MediaTypes.OCI_LAYER_GZIP, 2),
                        blob(MediaTypes.DOCKER_LAYER, 3),
                        blob(MediaTypes.OCI_MANIFEST, 4),
                        blob("text/plain", 5))))
                .isEqualTo(Map.of(
                        "containerd.io/gc.ref.content.config", digest(1),
                        "containerd.io/gc.ref.content.l.0", digest(2),
                        "containerd.io/gc.ref.content.l.1", digest(3),
                        "containerd.io/gc.ref.content.m.0", digest(4),
                        "containerd.io/gc.ref.content.0", digest(5)));
    }

    private static Descriptor blob(String mediaType, int seed) {
        return new Descriptor(mediaType, Digest.parse(digest(seed)), 1);
    }

    private static String digest(int seed) {
        return Digest.sha256(new byte[] {(byte) seed}).toString();
    }
}
