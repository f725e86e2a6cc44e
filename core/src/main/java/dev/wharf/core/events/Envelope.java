package dev.wharf.core.events;

import dev.wharf.core.filter.Fields;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event with its time and place.
 *
 * @param timestamp when it happened
 * @param namespace where; an identifier
 * @param topic what kind; starts with a slash, parts are identifiers
 * @param event what
 */
public record Envelope(Instant timestamp, String namespace, String topic, Event event) implements Fields {
    @Override
    public Optional<String> field(List<String> path) {
        return switch (path.getFirst()) {
            case "namespace" -> Fields.leaf(path, namespace);
            case "topic" -> Fields.leaf(path, topic);
            case "event" -> path.size() < 2 ? Optional.empty() : event.field(path.subList(1, path.size()));
            default -> Optional.empty();
        };
    }
}
