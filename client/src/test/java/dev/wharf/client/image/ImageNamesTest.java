package dev.wharf.client.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImageNamesTest {
    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox:latest",
        "busybox:1, docker.io/library/busybox:1",
        "owner/image, docker.io/owner/image:latest",
        "localhost/image, localhost/image:latest",
        "localhost:5000/image, localhost:5000/image:latest",
        "ghcr.io/a/b:v1, ghcr.io/a/b:v1",
        "ghcr.io/a/b@sha256:1, ghcr.io/a/b@sha256:1",
        "docker.io/library/busybox:latest, docker.io/library/busybox:latest",
    })
    void shortNamesAreMadeFull(String name, String full) {
        assertThat(ImageNames.full(name)).isEqualTo(full);
    }
}
