package dev.wharf.cmd.wharf.output;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Plain values as JSON: maps, collections, texts, numbers, truth values, times, null. Too small to need a library. */
public final class JsonText {
    private JsonText() {}

    /** The value in one line. */
    public static String of(Object value) {
        StringBuilder text = new StringBuilder();
        write(text, value);
        return text.toString();
    }

    private static void write(StringBuilder text, Object value) {
        switch (value) {
            case Map<?, ?> map -> object(text, map);
            case Collection<?> items -> array(text, items);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case Instant time -> string(text, time.toString());
            default -> string(text, value.toString());
        }
    }

    private static void object(StringBuilder text, Map<?, ?> map) {
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            string(text, String.valueOf(entry.getKey()));
            text.append(':');
            write(text, entry.getValue());
            text.append(entries.hasNext() ? "," : "");
        }
        text.append('}');
    }

    private static void array(StringBuilder text, Collection<?> items) {
        text.append('[');
        Iterator<?> each = items.iterator();
        while (each.hasNext()) {
            write(text, each.next());
            text.append(each.hasNext() ? "," : "");
        }
        text.append(']');
    }

    private static void string(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
