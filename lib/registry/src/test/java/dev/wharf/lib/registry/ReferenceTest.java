package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    @ParameterizedTest
    @CsvSource({
        "busybox, docker.io/library/busybox:latest",
        "busybox:1.36, docker.io/library/busybox:1.36",
        "moby/buildkit, docker.io/moby/buildkit:latest",
        "index.docker.io/busybox, docker.io/library/busybox:latest",
        "ghcr.io/a/b/c:v1, ghcr.io/a/b/c:v1",
        "localhost/x, localhost/x:latest",
        "localhost:5000/x, localhost:5000/x:latest",
        "[::1]:5000/x, [::1]:5000/x:latest",
        "reg/x, docker.io/reg/x:latest",
        "REG/x, REG/x:latest",
        "a__b/c-d.e, docker.io/a__b/c-d.e:latest",
    })
    void namesAsTypedBecomeFullNames(String typed, String full) {
        assertThat(Reference.parseNormalized(typed)).hasToString(full);
        assertThat(Reference.parse(full)).hasToString(full);
    }

    @Test
    void digestDecides() {
        Reference reference = Reference.parseNormalized("busybox:1@" + DIGEST);
        assertThat(reference.tag()).isEqualTo("1");
        assertThat(reference.object()).hasValue(DIGEST);
        assertThat(Reference.parseNormalized("busybox@" + DIGEST).tag()).isNull();
        assertThat(Reference.parse("reg.test/x").object()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "reg.test/",
                "reg.test/UPPER",
                "reg.test/a/../b",
                "reg.test/a//b",
                "reg.test/a b",
                "reg.test/a?x=1",
                "reg.test/a%2f",
                "reg.test/a:",
                "reg.test/a:.x",
                "reg.test/a@sha256:abc",
                "reg.test/a@md5:d41d8cd98f00b204e9800998ecf8427e",
                "user@reg.test/a",
                "reg.test:x/a",
                "-x.test/a"
            })
    void otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> Reference.parseNormalized(text)).isInstanceOf(RegistryException.class);
    }

    @Test
    void strictNamesNeedARegistryAndIdsCannotBePulled() {
        assertThatThrownBy(() -> Reference.parse("busybox")).hasMessageContaining("needs a registry");
        assertThatThrownBy(() -> Reference.parseNormalized("b".repeat(64))).hasMessageContaining("id");
    }
}
