package dev.wharf.cmd.wharfd.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays one file's tree over another's.
 *
 * <p>At the top and in tables: a later value wins unless it is the zero of its kind, and lists are united. In the
 * sections of plugins: a later value wins whatever it is. Of {@code stream_processors}, {@code proxy_plugins} and
 * {@code timeouts}, an entry is replaced as a whole. Source: contract 3.1.
 */
final class Merge {
    private static final Set<String> WHOLE_ENTRIES = Set.of("stream_processors", "proxy_plugins", "timeouts");

    private Merge() {}

    /** Changes {@code under} by what {@code over} says. */
    static void over(Node.Table under, Node.Table over) {
        over.entries().forEach((key, node) -> {
            Node old = under.get(key);
            if (old instanceof Node.Table before && node instanceof Node.Table after) {
                tables(key, before, after);
            } else {
                under.entries().put(key, value(old, node));
            }
        });
    }

    private static void tables(String key, Node.Table before, Node.Table after) {
        if (WHOLE_ENTRIES.contains(key)) {
            before.entries().putAll(after.entries());
        } else if (key.equals("plugins")) {
            deep(before, after);
        } else {
            over(before, after);
        }
    }

    private static void deep(Node.Table under, Node.Table over) {
        for (Map.Entry<String, Node> entry : over.entries().entrySet()) {
            if (under.get(entry.getKey()) instanceof Node.Table before
                    && entry.getValue() instanceof Node.Table after) {
                deep(before, after);
            } else {
                under.entries().put(entry.getKey(), entry.getValue());
            }
        }
    }

    private static Node value(@Nullable Node old, Node now) {
        if (old == null) {
            return now;
        }
        if (old instanceof Node.Items before && now instanceof Node.Items after) {
            return union(before, after);
        }
        return now instanceof Node.Scalar scalar && scalar.isZero() ? old : now;
    }

    private static Node union(Node.Items before, Node.Items after) {
        List<Node> all = new ArrayList<>(before.nodes());
        for (Node node : after.nodes()) {
            if (all.stream().noneMatch(known -> same(known, node))) {
                all.add(node);
            }
        }
        return new Node.Items(all, after.at());
    }

    private static boolean same(Node a, Node b) {
        return a instanceof Node.Scalar first
                && b instanceof Node.Scalar second
                && first.value().equals(second.value());
    }
}
