package dev.wharf.shim.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FlagsTest {
    @Test
    void readsFlagsInAllFormsOfGo() {
        Flags flags = Flags.parse(List.of("-namespace", "ns", "--id=a=b", "-debug", "-bundle=", "delete", "-x"));

        assertThat(flags.action()).isEqualTo("delete");
        assertThat(flags.value("namespace")).contains("ns");
        assertThat(flags.value("id")).contains("a=b");
        assertThat(flags.value("bundle")).isEmpty();
        assertThat(flags.on("debug")).isTrue();
        assertThat(flags.on("info")).isFalse();
    }

    @Test
    void aSwitchCanBeTurnedOff() {
        assertThat(Flags.parse(List.of("-debug=false")).on("debug")).isFalse();
    }

    @Test
    void whatIsBehindTwoDashesIsTheAction() {
        assertThat(Flags.parse(List.of("-debug", "--", "start")).action()).isEqualTo("start");
    }

    @Test
    void namesWhatIsWrong() {
        assertThatThrownBy(() -> Flags.parse(List.of("-what"))).hasMessage("flag provided but not defined: -what");
        assertThatThrownBy(() -> Flags.parse(List.of("-id"))).hasMessage("flag needs an argument: -id");
        assertThatThrownBy(() -> Flags.parse(List.of()).required("namespace"))
                .hasMessage("shim namespace cannot be empty");
    }
}
