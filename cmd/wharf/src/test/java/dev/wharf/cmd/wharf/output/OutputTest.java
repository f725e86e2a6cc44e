package dev.wharf.cmd.wharf.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutputTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("A", "LONGER", "C");
        table.row("first", "x", "");

        assertThat(table).hasToString("A       LONGER   C\nfirst   x\n");
    }

    @Test
    void plainValuesBecomeJson() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a\"b\\c\n\u0001é");
        value.put("list", List.of(1, true, Map.of()));
        value.put("time", Instant.EPOCH);

        assertThat(JsonText.of(value))
                .isEqualTo("{\"text\":\"a\\\"b\\\\c\\n\\u0001é\",\"list\":[1,true,{}],"
                        + "\"time\":\"1970-01-01T00:00:00Z\"}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1536, 1.5 KiB", "1048575, 1023.9 KiB", "1073741824, 1.0 GiB"
    })
    void sizesHaveOneDecimal(long bytes, String text) {
        assertThat(Human.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"-5, now", "0, now", "59, 59s", "60, 1m", "3599, 59m", "3600, 1h", "172799, 47h", "172800, 2d"})
    void agesHaveOneUnit(long seconds, String text) {
        assertThat(Human.age(Instant.EPOCH, Instant.ofEpochSecond(seconds))).isEqualTo(text);
    }
}
