package dev.wharf.plugins.events;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.names.Identifiers;

/** The rule for topics: a slash, then identifiers joined by slashes. */
final class EventTopic {
    private EventTopic() {}

    /** Throws {@code INVALID_ARGUMENT} naming the topic and the rule it breaks. */
    static void check(String topic) {
        if (topic.isEmpty()) {
            throw refused(topic, "must not be empty");
        }
        if (topic.charAt(0) != '/') {
            throw refused(topic, "must start with '/'");
        }
        if (topic.length() == 1) {
            throw refused(topic, "must have at least one component");
        }
        for (String component : topic.substring(1).split("/", -1)) {
            checkComponent(topic, component);
        }
    }

    private static void checkComponent(String topic, String component) {
        try {
            Identifiers.check(component);
        } catch (WharfException e) {
            throw e.during("envelope topic \"" + topic + "\": failed validation on component \"" + component + "\"");
        }
    }

    private static WharfException refused(String topic, String rule) {
        return ErrorKind.INVALID_ARGUMENT.of("envelope topic \"" + topic + "\": " + rule);
    }
}
