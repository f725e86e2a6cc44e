package dev.wharf.core.filter;

import dev.wharf.core.error.ErrorKind;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of a filter. The JDK's engine can take exponential time where Go's cannot, so the number of
 * characters it may look at is bounded.
 */
final class FilterPattern {
    private static final int MAX_STEPS = 1_000_000;

    private final Pattern pattern;

    private FilterPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    static FilterPattern compile(String expression, FilterScanner scanner, int at) {
        try {
            return new FilterPattern(Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw scanner.error(at, "error compiling regexp: " + e.getDescription());
        }
    }

    boolean findsIn(String text) {
        return pattern.matcher(new Counted(text, pattern)).find();
    }

    /** Text that stops being readable after a number of looks. */
    private static final class Counted implements CharSequence {
        private final String text;
        private final Pattern pattern;
        private int steps;

        Counted(String text, Pattern pattern) {
            this.text = text;
            this.pattern = pattern;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("filters: regexp " + pattern + " takes too many steps");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
