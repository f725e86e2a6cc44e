package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.UsageException;
import java.util.Locale;

/** Sizes as people write them. */
final class Bytes {
    private Bytes() {}

    /** A number with k, m, g or t (powers of 1024), optionally followed by b or ib. */
    static long parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
            digits++;
        }
        try {
            long number = Long.parseLong(lower.substring(0, digits));
            return Math.multiplyExact(number, unit(lower.substring(digits)));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new UsageException("\"" + text + "\" is no size: give bytes, or a number with k, m or g");
        }
    }

    private static long unit(String suffix) {
        return switch (suffix) {
            case "", "b" -> 1;
            case "k", "kb", "kib" -> 1L << 10;
            case "m", "mb", "mib" -> 1L << 20;
            case "g", "gb", "gib" -> 1L << 30;
            case "t", "tb", "tib" -> 1L << 40;
            default -> throw new IllegalArgumentException(suffix);
        };
    }
}
