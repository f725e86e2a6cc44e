package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.time.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads containerd's {@code containerd.io/gc.*} labels as edges (docs/garbage-collection.md of containerd 2). */
final class GcLabels {
    static final String EXPIRE = "containerd.io/gc.expire";
    static final String FLAT = "containerd.io/gc.flat";

    private static final String ROOT = "containerd.io/gc.root";
    private static final String REF = "containerd.io/gc.ref.";
    private static final String BACK_REF = "containerd.io/gc.bref.";
    private static final String CONDITION = "containerd.io/gc.cond.snapshot";
    private static final String USED_AT = "containerd.io/gc.cond.value-usedat";

    private GcLabels() {}

    /** The edges from {@code owner} that its {@code gc.ref} labels make. */
    static List<Edge> references(Node owner, Map<String, String> labels) {
        List<Edge> edges = new ArrayList<>();
        labels.forEach((label, value) -> {
            if (label.startsWith(REF)) {
                target(label.substring(REF.length()), value).ifPresent(to -> edges.add(Edge.label(owner, to, label)));
            }
        });
        return edges;
    }

    /** The edges to {@code owner} that its {@code gc.bref} labels make. */
    static List<Edge> backReferences(Node owner, Map<String, String> labels) {
        List<Edge> edges = new ArrayList<>();
        labels.forEach((label, value) -> {
            if (label.startsWith(BACK_REF)) {
                target(label.substring(BACK_REF.length()), value)
                        .ifPresent(from -> edges.add(Edge.label(from, owner, label)));
            }
        });
        return edges;
    }

    /** The root edge to {@code owner} that a {@code gc.root} label makes. */
    static List<Edge> roots(Node owner, Map<String, String> labels) {
        return labels.keySet().stream()
                .filter(label -> label.startsWith(ROOT))
                .map(label -> Edge.root(owner, label, null))
                .toList();
    }

    /** The edges from {@code owner} that its {@code gc.cond.snapshot} labels make. */
    static List<Edge> conditions(Node owner, Map<String, String> labels) {
        List<Edge> edges = new ArrayList<>();
        labels.forEach((label, value) -> {
            int bar = value.indexOf('|');
            if (label.startsWith(CONDITION) && bar >= 0) {
                String rest = label.substring(CONDITION.length()).replaceFirst("^[./]+", "");
                Node snapshot = Node.snapshot(beforeSlash(rest), value.substring(bar + 1));
                for (String condition : value.substring(0, bar).split(",", -1)) {
                    condition(owner, snapshot, label, condition).ifPresent(edges::add);
                }
            }
        });
        return edges;
    }

    /** The moment after which a {@code gc.expire} label ends the object, in nanoseconds; null for never. */
    static @Nullable Long expiry(Map<String, String> labels) {
        return moment(labels.get(EXPIRE));
    }

    /** When a snapshot says it was last used, in nanoseconds, or null. */
    static @Nullable Long usedAt(Map<String, String> labels) {
        return moment(labels.get(USED_AT));
    }

    private static @Nullable Long moment(@Nullable String text) {
        Optional<Instant> moment = text == null ? Optional.empty() : Times.parse(text);
        return moment.isPresent() ? (Long) Times.nanos(moment.get()) : null;
    }

    private static Optional<Node> target(String name, String value) {
        if (isOf("content", name)) {
            return Optional.of(Node.content(value));
        }
        if (isOf("image", name)) {
            return Optional.of(Node.image(value));
        }
        if (isOf("container", name)) {
            return Optional.of(Node.container(value));
        }
        if (name.startsWith("snapshot.")) {
            return Optional.of(Node.snapshot(beforeSlash(name.substring("snapshot.".length())), value));
        }
        return Optional.empty();
    }

    private static boolean isOf(String type, String name) {
        return name.equals(type) || name.startsWith(type + ".") || name.startsWith(type + "/");
    }

    private static String beforeSlash(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? text : text.substring(0, slash);
    }

    private static Optional<Edge> condition(Node owner, Node snapshot, String label, String condition) {
        for (String operator : List.of("<", ">")) {
            String start = "usedat" + operator;
            if (condition.startsWith(start)) {
                Optional<Duration> age = GoDuration.parse(condition.substring(start.length()));
                if (age.isPresent()) {
                    String reason = label + "=" + condition;
                    return Optional.of(Edge.used(
                            owner, snapshot, reason, operator, age.get().toNanos()));
                }
            }
        }
        return Optional.empty();
    }
}
