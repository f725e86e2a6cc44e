package dev.wharf.plugins.metadata.sqlite;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, e.g. {@code 1h30m} or {@code 1.5s}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");

    private GoDuration() {}

    /** The duration in nanoseconds; empty when the text is none. */
    static OptionalLong nanos(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return OptionalLong.of(0);
        }
        Matcher part = PART.matcher(rest);
        double sum = 0;
        int end = 0;
        while (end < rest.length() && part.find(end) && part.start() == end) {
            sum += Double.parseDouble(part.group(1)) * unit(part.group(2));
            end = part.end();
        }
        if (rest.isEmpty() || end < rest.length()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) (negative ? -sum : sum));
    }

    private static double unit(String unit) {
        return switch (unit) {
            case "h" -> 3600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "ns" -> 1;
            default -> 1e3;
        };
    }
}
