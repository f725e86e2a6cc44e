package dev.wharf.core.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.WharfException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentifiersTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a", "A9", "default", "k8s.io", "a-b_c.d", "0"})
    void goodIdentifiersAreAnswered(String id) {
        assertThat(Identifiers.check(id)).isEqualTo(id);
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", ".", "a.", "-a", "a--b", "a/b", "a b", "ä", "a._b", "a\n", "../x"})
    void badIdentifiersAreRefused(String id) {
        assertThatThrownBy(() -> Identifiers.check(id))
                .isInstanceOf(WharfException.class)
                .hasMessageContaining("identifier")
                .hasMessageEndingWith("invalid argument");
    }

    @Test
    void identifiersHaveAtMost76Characters() {
        assertThat(Identifiers.check("a".repeat(76))).hasSize(76);
        assertThatThrownBy(() -> Identifiers.check("a".repeat(77))).hasMessageContaining("76");
    }

    @Test
    void labelsHaveAtMost4096Bytes() {
        assertThat(Labels.check(Map.of("k", "v".repeat(4095)))).hasSize(1);
        assertThatThrownBy(() -> Labels.check(Map.of("k", "v".repeat(4096)))).hasMessageContaining("key: k");
        assertThatThrownBy(() -> Labels.check(Map.of("k", "ä".repeat(2048)))).hasMessageContaining("4097 bytes");
    }
}
