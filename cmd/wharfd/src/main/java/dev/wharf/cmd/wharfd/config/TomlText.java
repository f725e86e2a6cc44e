package dev.wharf.cmd.wharfd.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a configuration as TOML 1.0, in the form containerd prints: single quotes, tables indented. */
public final class TomlText {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");

    private final StringBuilder out = new StringBuilder();

    private TomlText() {}

    /** The text of a table of texts, numbers, truth values, lists and tables. */
    public static String of(Map<String, ?> table) {
        TomlText text = new TomlText();
        text.table("", 0, table);
        return text.out.toString();
    }

    /** Values come before tables, as they would belong to the last table otherwise. */
    private void table(String path, int depth, Map<?, ?> table) {
        String indent = "  ".repeat(Math.max(0, depth - 1));
        table.forEach((key, value) -> {
            if (!(value instanceof Map)) {
                out.append(indent)
                        .append(key(key))
                        .append(" = ")
                        .append(value(value))
                        .append('\n');
            }
        });
        table.forEach((key, value) -> {
            if (value instanceof Map<?, ?> inner) {
                header(path, depth, key, inner);
            }
        });
    }

    private void header(String path, int depth, Object key, Map<?, ?> inner) {
        String full = path.isEmpty() ? key(key) : path + "." + key(key);
        out.append('\n').append("  ".repeat(depth)).append('[').append(full).append("]\n");
        table(full, depth + 1, inner);
    }

    private static String key(Object key) {
        String name = key.toString();
        return BARE.matcher(name).matches() ? name : text(name);
    }

    private static String value(Object value) {
        return switch (value) {
            case String text -> text(text);
            case List<?> items -> items.stream().map(TomlText::value).toList().toString();
            case Map<?, ?> inner -> inline(inner);
            default -> value.toString();
        };
    }

    private static String inline(Map<?, ?> table) {
        List<String> parts = table.entrySet().stream()
                .map(entry -> key(entry.getKey()) + " = " + value(entry.getValue()))
                .toList();
        return "{" + String.join(", ", parts) + "}";
    }

    private static String text(String text) {
        boolean plain = text.indexOf('\'') < 0 && text.chars().noneMatch(c -> c < ' ' || c == 127);
        return plain ? "'" + text + "'" : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c < ' ' || c == 127) {
                        quoted.append(String.format("\\u%04X", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
