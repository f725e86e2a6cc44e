package dev.wharf.core.time;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1h2m3.5s}, {@code 100ms}, {@code 0s}. Source: Go, package time, ParseDuration. */
public final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000 * MICRO;
    private static final long SECOND = 1_000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private GoDuration() {}

    /** The duration, or nothing where {@code text} is none or is longer than 292 years. */
    public static Optional<Duration> parse(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        if (digits.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        return sum(digits).map(nanos -> Duration.ofNanos(negative ? -nanos : nanos));
    }

    private static Optional<Long> sum(String digits) {
        Matcher part = PART.matcher(digits);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
            end = part.end();
        }
        boolean whole = end == digits.length() && end > 0;
        return whole && nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                ? Optional.of(nanos.longValue())
                : Optional.empty();
    }

    private static long unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "ms" -> MILLI;
            case "s" -> SECOND;
            case "m" -> MINUTE;
            case "h" -> HOUR;
            default -> MICRO;
        };
    }

    /** The text Go prints for it; {@link ArithmeticException} for one longer than 292 years. */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        long nanos = duration.toNanos();
        if (nanos < SECOND) {
            return small(nanos);
        }
        StringBuilder text = new StringBuilder();
        long hours = duration.toHours();
        if (hours > 0) {
            text.append(hours).append('h');
        }
        if (duration.toMinutes() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        long rest = nanos % MINUTE;
        return text.append(decimal(rest, SECOND)).append('s').toString();
    }

    private static String small(long nanos) {
        if (nanos == 0) {
            return "0s";
        }
        if (nanos < MICRO) {
            return nanos + "ns";
        }
        return nanos < MILLI ? decimal(nanos, MICRO) + "µs" : decimal(nanos, MILLI) + "ms";
    }

    private static String decimal(long nanos, long unit) {
        return new BigDecimal(nanos)
                .divide(new BigDecimal(unit))
                .stripTrailingZeros()
                .toPlainString();
    }
}
