package dev.wharf.plugins.snapshots.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
    @Test
    void releasesAreReadByTheirFirstTwoNumbers() {
        assertThat(KernelVersion.parse("6.1.0-13-amd64")).isEqualTo(new KernelVersion(6, 1));
        assertThat(KernelVersion.parse("5.19")).isEqualTo(new KernelVersion(5, 19));
        assertThat(KernelVersion.parse("weird")).isEqualTo(new KernelVersion(0, 0));
    }

    @Test
    void numbersAreComparedInOrder() {
        assertThat(new KernelVersion(6, 1).isAtLeast(5, 19)).isTrue();
        assertThat(new KernelVersion(5, 19).isAtLeast(5, 19)).isTrue();
        assertThat(new KernelVersion(5, 10).isAtLeast(5, 11)).isFalse();
    }
}
