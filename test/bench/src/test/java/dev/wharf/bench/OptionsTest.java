package dev.wharf.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    private static final List<String> KNOWN = List.of("start", "list");

    @Test
    void singleOptionsOverrideTheKindOfRun() {
        Options options = Options.parse(
                List.of("--objects", "7", "--quick", "--workloads", "list", "--containers", "9,3"), KNOWN);
        assertThat(options.objects()).isEqualTo(7);
        assertThat(options.repetitions()).isEqualTo(2);
        assertThat(options.workloads()).containsExactly("list");
        assertThat(options.containers()).containsExactly(3, 9);
    }

    @Test
    void unknownWorkloadIsAUsageError() {
        assertThatThrownBy(() -> Options.parse(List.of("--workloads", "lost"), KNOWN))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("lost");
    }

    @Test
    void optionWithoutValueIsAUsageError() {
        assertThatThrownBy(() -> Options.parse(List.of("--objects"), KNOWN))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("--objects");
    }
}
