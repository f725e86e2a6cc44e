package dev.wharf.cmd.wharf.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.client.run.SpecMount;
import dev.wharf.cmd.wharf.args.UsageException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
    @ParameterizedTest
    @CsvSource({"512, 512", "4k, 4096", "512m, 536870912", "1GiB, 1073741824", "2t, 2199023255552"})
    void sizesHaveUnits(String text, long bytes) {
        assertThat(Bytes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "12x", "-1", "99999999999t"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> Bytes.parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void mountsAreReadAsCtrWritesThem() {
        assertThat(MountOption.parse("type=bind,src=/a,dst=/b,options=rbind:ro"))
                .isEqualTo(new SpecMount("bind", "/a", "/b", List.of("rbind", "ro")));
        assertThat(MountOption.parse("src=/a,dst=/b")).isEqualTo(new SpecMount("bind", "/a", "/b", List.of("rbind")));
        assertThat(MountOption.parse("type=tmpfs,src=tmpfs,dst=/b"))
                .isEqualTo(new SpecMount("tmpfs", "tmpfs", "/b", List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src=/a", "src=a,dst=/b", "src=/a,dst=/b,colour=red"})
    void otherMountsAreRefused(String text) {
        assertThatThrownBy(() -> MountOption.parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void variablesWithoutAValueTakeTheirOwn() {
        assertThat(Environment.of(List.of("A=1", "B", "C"), Map.of("B", "2"))).containsExactly("A=1", "B=2");
    }
}
