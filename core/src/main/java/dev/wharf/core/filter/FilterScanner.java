package dev.wharf.core.filter;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;

/** Cuts a filter into tokens. Quoted text is unquoted here, with Go's escapes. */
final class FilterScanner {
    enum Kind {
        END,
        FIELD,
        VALUE,
        QUOTED,
        SEPARATOR,
        OPERATOR,
        OTHER
    }

    /**
     * A token.
     *
     * @param kind what it is
     * @param text its text, unquoted
     * @param quote the quote it stood in, or 0
     * @param start where it starts
     */
    record Token(Kind kind, String text, char quote, int start) {}

    private final String input;
    private int position;
    private boolean afterOperator;

    FilterScanner(String input) {
        this.input = input;
        int nul = input.indexOf('\0');
        if (nul >= 0) {
            throw error(nul, "unexpected null");
        }
    }

    /** The next token, without taking it. */
    Token peek() {
        int at = position;
        boolean operator = afterOperator;
        try {
            return next();
        } finally {
            position = at;
            afterOperator = operator;
        }
    }

    Token next() {
        while (position < input.length() && Character.isWhitespace(input.charAt(position))) {
            position++;
        }
        int start = position;
        if (start == input.length()) {
            return new Token(Kind.END, "", '\0', start);
        }
        char c = input.charAt(start);
        if (c == '"' || c == '/' || c == '|') {
            position++;
            afterOperator = false;
            return new Token(Kind.QUOTED, quoted(c, start), c, start);
        }
        if (c == ',' || c == '.') {
            position++;
            afterOperator = false;
            return token(Kind.SEPARATOR, start);
        }
        if (isOperator(c)) {
            skipWhile(FilterScanner::isOperator);
            afterOperator = true;
            return token(Kind.OPERATOR, start);
        }
        if (afterOperator) {
            skipWhile(FilterScanner::isValue);
            afterOperator = false;
            return token(Kind.VALUE, start);
        }
        if (isField(c)) {
            skipWhile(FilterScanner::isField);
            return token(Kind.FIELD, start);
        }
        position++;
        return token(Kind.OTHER, start);
    }

    /** An error that shows where in the filter it is. */
    WharfException error(int at, String message) {
        String shown = at < input.length()
                ? input.substring(0, at) + " >|" + input.charAt(at) + "|< " + input.substring(at + 1)
                : input;
        return ErrorKind.INVALID_ARGUMENT.of("filters: parse error: [" + shown + "]: " + message);
    }

    private Token token(Kind kind, int start) {
        return new Token(kind, input.substring(start, position), '\0', start);
    }

    private void skipWhile(CharTest test) {
        while (position < input.length() && test.accepts(input.charAt(position))) {
            position++;
        }
    }

    private String quoted(char quote, int start) {
        StringBuilder text = new StringBuilder();
        while (true) {
            char c = take(start);
            if (c == quote) {
                return text.toString();
            }
            if (c == '\\') {
                escape(quote, start, text);
            } else {
                text.append(c);
            }
        }
    }

    private char take(int start) {
        if (position >= input.length() || input.charAt(position) == '\n') {
            throw error(start, "quoted literal not terminated");
        }
        return input.charAt(position++);
    }

    private void escape(char quote, int start, StringBuilder text) {
        char c = take(start);
        switch (c) {
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\u000b');
            case '\\' -> text.append('\\');
            case 'x' -> text.append((char) digits(start, 16, 2));
            case 'u' -> text.append((char) digits(start, 16, 4));
            case 'U' -> text.appendCodePoint(codePoint(start));
            default -> octalOrQuote(c, quote, start, text);
        }
    }

    private void octalOrQuote(char c, char quote, int start, StringBuilder text) {
        if (c == quote) {
            text.append(quote);
        } else if (c >= '0' && c <= '7') {
            position--;
            text.append((char) digits(start, 8, 3));
        } else {
            throw error(start, "illegal escape sequence");
        }
    }

    private int codePoint(int start) {
        int value = digits(start, 16, 8);
        if (!Character.isValidCodePoint(value)) {
            throw error(start, "illegal numeric escape sequence");
        }
        return value;
    }

    private int digits(int start, int base, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            int digit = Character.digit(take(start), base);
            if (digit < 0) {
                throw error(start, "illegal numeric escape sequence");
            }
            value = value * base + digit;
        }
        return value;
    }

    private static boolean isField(char c) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isOperator(char c) {
        return c == '=' || c == '!' || c == '~';
    }

    private static boolean isValue(char c) {
        return c != ',' && !Character.isWhitespace(c) && !Character.isISOControl(c);
    }

    @FunctionalInterface
    private interface CharTest {
        boolean accepts(char c);
    }
}
