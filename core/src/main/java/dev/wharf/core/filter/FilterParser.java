package dev.wharf.core.filter;

import dev.wharf.core.filter.FilterScanner.Kind;
import dev.wharf.core.filter.FilterScanner.Token;
import java.util.ArrayList;
import java.util.List;

/** Parses one filter: selectors that must all hold. */
final class FilterParser {
    private final FilterScanner scanner;

    private FilterParser(String filter) {
        this.scanner = new FilterScanner(filter);
    }

    static Filter parse(String filter) {
        return filter.isEmpty() ? Filter.ALWAYS : new FilterParser(filter).selectors();
    }

    private Filter selectors() {
        List<Filter> all = new ArrayList<>();
        all.add(selector());
        while (true) {
            Token token = scanner.next();
            if (token.kind() == Kind.END) {
                List<Filter> selectors = List.copyOf(all);
                return object -> selectors.stream().allMatch(selector -> selector.matches(object));
            }
            if (token.kind() != Kind.SEPARATOR || !token.text().equals(",")) {
                throw scanner.error(token.start(), "unexpected input: " + token.text());
            }
            all.add(selector());
        }
    }

    private Filter selector() {
        List<String> path = fieldPath();
        Token next = scanner.peek();
        if (next.kind() == Kind.END || next.kind() == Kind.SEPARATOR) {
            return object -> object.field(path).isPresent();
        }
        Token operator = scanner.next();
        if (operator.kind() != Kind.OPERATOR) {
            throw scanner.error(operator.start(), "expected an operator (\"==\"|\"!=\"|\"~=\")");
        }
        return condition(path, operator);
    }

    private Filter condition(List<String> path, Token operator) {
        return switch (operator.text()) {
            case "==" -> {
                String value = value(false);
                yield object -> object.field(path).filter(value::equals).isPresent();
            }
            case "!=" -> {
                String value = value(false);
                yield object -> !object.field(path).orElse("").equals(value);
            }
            case "~=" -> {
                Token at = scanner.peek();
                FilterPattern pattern = FilterPattern.compile(value(true), scanner, at.start());
                yield object -> pattern.findsIn(object.field(path).orElse(""));
            }
            default -> throw scanner.error(operator.start(), "unsupported operator \"" + operator.text() + "\"");
        };
    }

    private List<String> fieldPath() {
        List<String> path = new ArrayList<>();
        path.add(field());
        while (scanner.peek().text().equals(".") && scanner.peek().kind() == Kind.SEPARATOR) {
            scanner.next();
            path.add(field());
        }
        return List.copyOf(path);
    }

    private String field() {
        Token token = scanner.next();
        if (token.kind() != Kind.FIELD && token.kind() != Kind.QUOTED) {
            throw scanner.error(token.start(), "expected field or quoted");
        }
        return unquoted(token, false);
    }

    private String value(boolean alternativeQuotes) {
        Token token = scanner.next();
        if (token.kind() != Kind.VALUE && token.kind() != Kind.FIELD && token.kind() != Kind.QUOTED) {
            throw scanner.error(token.start(), "expected value or quoted");
        }
        return unquoted(token, alternativeQuotes);
    }

    private String unquoted(Token token, boolean alternativeQuotes) {
        boolean alternative = token.quote() == '/' || token.quote() == '|';
        if (alternative && !alternativeQuotes) {
            throw scanner.error(token.start(), "invalid quote encountered");
        }
        return token.text();
    }
}
