package dev.wharf.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest(name = "{0} is {1}, written {2}")
    @CsvSource({
        "0, PT0S, 0s",
        "0s, PT0S, 0s",
        "100ms, PT0.1S, 100ms",
        "1.5s, PT1.5S, 1.5s",
        "90s, PT1M30S, 1m30s",
        "4h0m0s, PT4H, 4h0m0s",
        "1h2m3.5s, PT1H2M3.5S, 1h2m3.5s",
        "1us, PT0.000001S, 1µs",
        "15ns, PT0.000000015S, 15ns",
        "-2s, PT-2S, -2s",
        "-1.5s, PT-1.5S, -1.5s",
        "1h30m, PT1H30M, 1h30m0s",
        "2us3ns, PT0.000002003S, 2.003µs"
    })
    void readsAndWritesAsGoDoes(String text, Duration duration, String written) {
        assertThat(GoDuration.parse(text)).contains(duration);
        assertThat(GoDuration.format(duration)).isEqualTo(written);
    }

    @ParameterizedTest(name = "\"{0}\" is none")
    @ValueSource(strings = {"", "s", "5", "1x", "1s2", "1 s", ".s", "one", "-", "1d", "1h x", ".", "9999999999h"})
    void rejectsWhatGoRejects(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Test
    void whatIsWrittenReadsBack() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            Duration duration = Duration.ofNanos(random.nextLong() >> random.nextInt(63));
            assertThat(GoDuration.parse(GoDuration.format(duration))).contains(duration);
        }
    }
}
