package dev.wharf.lib.registry.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, such as {@code 1m30s}. Source: Go, package time, ParseDuration. */
final class GoDuration {
    private static final Pattern PART =
            Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(ns|us|µs|μs|ms|s|m|h)");

    private GoDuration() {}

    /** Parses one that is positive; {@code IllegalArgumentException} for anything else. */
    static Duration parse(String text) {
        Matcher part = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < text.length() && part.find(at) && part.start() == at) {
            nanos = nanos.add(new BigDecimal("0" + part.group(1)).multiply(BigDecimal.valueOf(nanos(part.group(2)))));
            at = part.end();
        }
        boolean fits = nanos.signum() > 0 && nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0;
        if (at != text.length() || !fits) {
            throw new IllegalArgumentException("\"" + text + "\" is not a positive duration such as 5s or 1m30s");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 1_000;
        };
    }
}
