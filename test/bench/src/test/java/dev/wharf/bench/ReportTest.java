package dev.wharf.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.client.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ReportTest {
    private static final Report REPORT = new Report(
            List.of(
                    new Medians.Row(new Medians.Measure("list", "ms"), 20, 40, 3),
                    new Medians.Row(new Medians.Measure("pull", "ms"), 20, Double.NaN, 1)),
            "1.0",
            "v2.4.0",
            List.of("a note"));

    @Test
    void tableHasALineForEachMeasureAndNamesBothDaemons() {
        List<String> words =
                REPORT.table().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertThat(words).contains("list ms 20.0 40.0 0.50 3", "pull ms 20.0 - - 1");
        assertThat(words).contains("wharfd: 1.0", "containerd: v2.4.0", "a note");
    }

    @Test
    void jsonHasNullForWhatWasNotMeasured() {
        JsonNode json = Json.parse(REPORT.json().getBytes(StandardCharsets.UTF_8), "report");
        assertThat(json.path("measures").get(0).path("ratio").doubleValue()).isEqualTo(0.5);
        assertThat(json.path("measures").get(1).path("containerd").isNull()).isTrue();
        assertThat(json.path("measures").get(1).path("ratio").isNull()).isTrue();
        assertThat(json.path("containerd").stringValue()).isEqualTo("v2.4.0");
    }
}
