package dev.wharf.cmd.wharfd.config;

import dev.wharf.core.time.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One table of the configuration while it is read.
 *
 * <p>Each call names a key, the kind of its value and its default; a value of another kind is an error, told with all
 * others at the end, and the default stands in for it. The section remembers what was asked for and answered: keys that
 * nobody asked for are unknown, and {@link #effective} is the section as it counts.
 */
final class Section {
    private final String path;
    private final Node.Table table;
    private final Problems problems;
    private final Map<String, Object> effective = new LinkedHashMap<>();

    Section(String path, Node.Table table, Problems problems) {
        this.path = path;
        this.table = table;
        this.problems = problems;
    }

    /** Text. */
    String text(String key, String fallback) {
        return keep(key, scalar(key, String.class, "text", fallback));
    }

    /** Text that must be one of a few. */
    String choice(String key, String fallback, List<String> allowed) {
        String chosen = scalar(key, String.class, "text", fallback);
        if (!allowed.contains(chosen)) {
            problems.error(at(key), name(key), "must be one of " + allowed + ", is '" + chosen + "'");
            return keep(key, fallback);
        }
        return keep(key, chosen);
    }

    /** True or false. */
    boolean flag(String key, boolean fallback) {
        return keep(key, scalar(key, Boolean.class, "true or false", fallback));
    }

    /** A whole number from {@code least} to {@code most}. */
    int integer(String key, int fallback, int least, int most) {
        int value = (int) ranged(key, fallback, least, most);
        return keep(key, value);
    }

    /** A whole number from {@code least} to {@code most} that may be larger than an int. */
    long whole(String key, long fallback, long least, long most) {
        return keep(key, ranged(key, fallback, least, most));
    }

    private long ranged(String key, long fallback, long least, long most) {
        long value = scalar(key, Long.class, "a whole number", fallback);
        if (value < least || value > most) {
            problems.error(at(key), name(key), "must be from " + least + " to " + most + ", is " + value);
            return fallback;
        }
        return value;
    }

    /** A fraction; a whole number will do. */
    double fraction(String key, double fallback) {
        Node node = table.get(key);
        if (node instanceof Node.Scalar scalar && scalar.value() instanceof Long whole) {
            return keep(key, whole.doubleValue());
        }
        return keep(key, scalar(key, Double.class, "a fraction", fallback));
    }

    /** A duration as Go writes it, not negative. */
    Duration duration(String key, Duration fallback) {
        String text = scalar(key, String.class, "a duration like '10s'", GoDuration.format(fallback));
        Duration parsed =
                GoDuration.parse(text).filter(found -> !found.isNegative()).orElse(null);
        if (parsed == null) {
            problems.error(at(key), name(key), "must be a duration like '10s' or '1m30s', is '" + text + "'");
            parsed = fallback;
        }
        effective.put(key, GoDuration.format(parsed));
        return parsed;
    }

    /** A list of texts. */
    List<String> texts(String key, List<String> fallback) {
        Node node = table.get(key);
        if (node == null) {
            return keep(key, fallback);
        }
        List<String> found = new ArrayList<>();
        if (!(node instanceof Node.Items items) || !items.nodes().stream().allMatch(item -> isText(item, found))) {
            problems.error(node.at(), name(key), "must be a list of text, is " + describe(node));
            return keep(key, fallback);
        }
        return keep(key, List.copyOf(found));
    }

    private static boolean isText(Node node, List<String> found) {
        return node instanceof Node.Scalar scalar && scalar.value() instanceof String text && found.add(text);
    }

    /** A table of texts. */
    Map<String, String> textTable(String key) {
        Section child = child(key);
        Map<String, String> found = new LinkedHashMap<>();
        child.table.entries().keySet().forEach(name -> found.put(name, child.text(name, "")));
        return Collections.unmodifiableMap(found);
    }

    /** The table at a key; an empty one where there is none. */
    Section child(String key) {
        Node node = table.get(key);
        Node.Table inner = node instanceof Node.Table found ? found : new Node.Table(table.at());
        if (node != null && !(node instanceof Node.Table)) {
            problems.error(node.at(), name(key), "must be a table, is " + describe(node));
        }
        Section child = new Section(name(key), inner, problems);
        effective.put(key, child.effective);
        return child;
    }

    /** Each table within the table at a key, read, by its name; the section is finished here. */
    <C> Map<String, C> each(String key, Function<Section, C> read) {
        Section parent = child(key);
        Map<String, C> found = new LinkedHashMap<>();
        for (String name : parent.table.entries().keySet()) {
            Section section = parent.child(name);
            found.put(name, read.apply(section));
            section.finish();
        }
        return Collections.unmodifiableMap(found);
    }

    /** Keeps a table as it is, for a plugin that is not built in. */
    void keepRaw(String key) {
        Node node = table.get(key);
        if (node != null) {
            effective.put(key, raw(node));
        }
    }

    private static Object raw(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> scalar.value();
            case Node.Items items -> items.nodes().stream().map(Section::raw).toList();
            case Node.Table inner -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                inner.entries().forEach((key, value) -> copy.put(key, raw(value)));
                yield copy;
            }
        };
    }

    /** The keys the files set, known or not. */
    List<String> keys() {
        return List.copyOf(table.entries().keySet());
    }

    /** Where the value of a key stands, or the section, where it has none. */
    Position at(String key) {
        Node node = table.get(key);
        return node == null ? table.at() : node.at();
    }

    /** The full name of a key. */
    String name(String key) {
        return path.isEmpty() ? key : path + "." + (key.contains(".") ? "'" + key + "'" : key);
    }

    Problems problems() {
        return problems;
    }

    /** What was read so far, defaults included: text, numbers, truth values, lists and maps of those. */
    Map<String, Object> effective() {
        return effective;
    }

    /** Warns of every key that nobody asked for, with the nearest that somebody did. */
    void finish() {
        for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
            if (!effective.containsKey(entry.getKey())) {
                String meant = NearestName.to(entry.getKey(), effective.keySet())
                        .map(near -> ", did you mean " + near + "?")
                        .orElse("");
                problems.warn(entry.getValue().at(), name(entry.getKey()), "ignoring unknown key in TOML" + meant);
            }
        }
    }

    private <T> T keep(String key, T value) {
        effective.put(key, value);
        return value;
    }

    private <T> T scalar(String key, Class<T> type, String wanted, T fallback) {
        @Nullable Node node = table.get(key);
        if (node == null) {
            return fallback;
        }
        if (node instanceof Node.Scalar scalar && type.isInstance(scalar.value())) {
            return type.cast(scalar.value());
        }
        problems.error(node.at(), name(key), "must be " + wanted + ", is " + describe(node));
        return fallback;
    }

    private static String describe(Node node) {
        return node instanceof Node.Scalar scalar ? node.kind() + " (" + scalar.value() + ")" : node.kind();
    }
}
