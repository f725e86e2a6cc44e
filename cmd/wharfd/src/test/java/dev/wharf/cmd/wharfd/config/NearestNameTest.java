package dev.wharf.cmd.wharfd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
    @Test
    void theFewestEditsWin() {
        assertThat(NearestName.to("adress", List.of("root", "address", "addresses")))
                .contains("address");
    }

    @Test
    void whatIsFarFromEverythingHasNoNearest() {
        assertThat(NearestName.to("colour", List.of("root", "state", "address")))
                .isEmpty();
    }

    @Test
    void editsAreCounted() {
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("abc", "abc")).isZero();
    }
}
