package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {
    @ParameterizedTest(name = "{0} is signal {1}")
    @CsvSource({"SIGTERM,15", "term,15", "9,9", " Kill ,9", "SIGRTMIN,34", "RTMIN+3,37", "rtmax-1,63", "SIGCLD,17"})
    void nameIsRead(String text, int number) {
        assertThat(Signal.parse(text)).hasValue(number);
    }

    @ParameterizedTest(name = "\"{0}\" is no signal")
    @ValueSource(strings = {"", "0", "65", "SIG", "SIGNONE", "-1", "RTMIN+40", "RTMAX-31", "RTMIN-1", "999999999999"})
    void otherTextIsNoSignal(String text) {
        assertThat(Signal.parse(text)).isEmpty();
    }

    @Test
    void numbersAreThoseOfTheKernel() {
        CommandResult result = Command.run(
                List.of("bash", "-c", "for i in $(seq 31); do kill -l $i; done"),
                new byte[0],
                Duration.ofSeconds(30),
                10_000);
        List<String> names = result.stdoutText().lines().toList();
        for (Signal signal : Signal.values()) {
            assertThat("SIG" + names.get(signal.number() - 1)).isEqualTo(signal.name());
        }
    }
}
