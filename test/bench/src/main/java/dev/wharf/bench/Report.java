package dev.wharf.bench;

import dev.wharf.client.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** The result of a run, for people or for programs. */
final class Report {
    private final List<Medians.Row> rows;
    private final String wharfd;
    private final String other;
    private final List<String> notes;

    /**
     * A report.
     *
     * @param wharfd wharfd's version
     * @param other the other daemon's version
     * @param notes how it was measured, and what failed
     */
    Report(List<Medians.Row> rows, String wharfd, String other, List<String> notes) {
        this.rows = List.copyOf(rows);
        this.wharfd = wharfd;
        this.other = other;
        this.notes = List.copyOf(notes);
    }

    /** A table, with a line for each note below it. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append(line("MEASURE", "UNIT", "WHARFD", "CONTAINERD", "RATIO", "N"));
        for (Medians.Row row : rows) {
            text.append(line(
                    row.measure().name(),
                    row.measure().unit(),
                    number(row.wharfd()),
                    number(row.other()),
                    number(row.ratio()),
                    String.valueOf(row.count())));
        }
        text.append("\nwharfd: ")
                .append(wharfd)
                .append("\ncontainerd: ")
                .append(other)
                .append('\n');
        text.append(
                "Medians of N values each; RATIO is wharfd's by containerd's, and less is better in all of them.\n");
        notes.forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    private static String line(String... cells) {
        return "%-44s %5s %12s %12s %8s %4s%n".formatted((Object[]) cells);
    }

    /** One JSON object; what was not measured is null. */
    String json() {
        ObjectNode report = Json.object().put("wharfd", wharfd).put("containerd", other);
        report.set("notes", Json.tree(notes));
        report.set("measures", Json.tree(rows.stream().map(Report::object).toList()));
        return new String(Json.bytes(report), StandardCharsets.UTF_8) + "\n";
    }

    private static ObjectNode object(Medians.Row row) {
        ObjectNode object = Json.object()
                .put("name", row.measure().name())
                .put("unit", row.measure().unit())
                .put("count", row.count());
        put(object, "wharfd", row.wharfd());
        put(object, "containerd", row.other());
        put(object, "ratio", row.ratio());
        return object;
    }

    private static void put(ObjectNode object, String member, double value) {
        if (Double.isFinite(value)) {
            object.put(member, value);
        } else {
            object.putNull(member);
        }
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }
}
