package dev.wharf.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values measured on the two daemons, by what was measured, in the order it came first. For one thread. */
final class Medians {
    /**
     * What is measured; less is better for all of them.
     *
     * @param name what, in a few words
     * @param unit the unit of its values
     */
    record Measure(String name, String unit) {}

    /**
     * One line of the result.
     *
     * @param measure what was measured
     * @param wharfd the median on wharfd, NaN if there is none
     * @param other the median on the other daemon, NaN if there is none
     * @param count how many values the larger side has
     */
    record Row(Measure measure, double wharfd, double other, int count) {
        /** How much wharfd needs for 1 of the other's; NaN if one of them is missing or the other's is 0. */
        double ratio() {
            return other == 0 ? Double.NaN : wharfd / other;
        }
    }

    private record Values(List<Double> wharfd, List<Double> other) {}

    private final Map<Measure, Values> values = new LinkedHashMap<>();

    /** Adds a value of a daemon. */
    void add(Measure measure, Peer.Kind kind, double value) {
        Values sides = values.computeIfAbsent(measure, _ -> new Values(new ArrayList<>(), new ArrayList<>()));
        switch (kind) {
            case WHARFD -> sides.wharfd().add(value);
            case OTHER -> sides.other().add(value);
        }
    }

    /** The medians of everything. */
    List<Row> rows() {
        return values.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Row row(Measure measure, Values sides) {
        int count = Math.max(sides.wharfd().size(), sides.other().size());
        return new Row(measure, median(sides.wharfd()), median(sides.other()), count);
    }

    /** The middle one, or the mean of the two in the middle; NaN of none. */
    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
