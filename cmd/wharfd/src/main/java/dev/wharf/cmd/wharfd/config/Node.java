package dev.wharf.cmd.wharfd.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A value of a configuration file, with the place it stands at. */
sealed interface Node {
    /** Where it stands. */
    Position at();

    /** What kind of value it is, for people. */
    String kind();

    /**
     * Text, a whole number, a fraction, a truth value, or a date that nothing here wants.
     *
     * @param value String, Long, Double, Boolean or a type of java.time
     */
    record Scalar(Object value, Position at) implements Node {
        @Override
        public String kind() {
            return switch (value) {
                case String _ -> "text";
                case Long _ -> "a whole number";
                case Double _ -> "a fraction";
                case Boolean _ -> "true or false";
                default -> "a date or time";
            };
        }

        /** Whether it is the zero of its kind, which does not override another file's value. */
        boolean isZero() {
            return value.equals("") || value.equals(0L) || value.equals(0.0) || value.equals(false);
        }
    }

    /** An array. */
    record Items(List<Node> nodes, Position at) implements Node {
        public Items {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A table; may be changed while files are migrated and merged. */
    record Table(Map<String, Node> entries, Position at) implements Node {
        Table(Position at) {
            this(new LinkedHashMap<>(), at);
        }

        @Override
        public String kind() {
            return "a table";
        }

        @Nullable
        Node get(String key) {
            return entries.get(key);
        }

        /** The table at a key, if there is one. */
        Optional<Table> table(String key) {
            return entries.get(key) instanceof Table table ? Optional.of(table) : Optional.empty();
        }

        /** The table at a key, which is made if nothing is there; something else there stays and is told as an error later. */
        Table ensure(String key) {
            Node made = entries.computeIfAbsent(key, _ -> new Table(at));
            return made instanceof Table table ? table : new Table(at);
        }

        /** The same values in other tables, so that changing one tree leaves the other. */
        Table copy() {
            Table copy = new Table(at);
            entries.forEach((key, node) -> copy.entries.put(key, node instanceof Table table ? table.copy() : node));
            return copy;
        }
    }
}
