package dev.wharf.core.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.filter.Filter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventTest {
    private static boolean matches(String filter, Event event) {
        return Filter.parse(List.of(filter)).matches(new Envelope(Instant.EPOCH, "default", event.topic(), event));
    }

    @Test
    void envelopesOfferNamespaceTopicAndTheEventsTexts() {
        Event exit = new Event.TaskExited("c1", "c1", 7, 0, Instant.EPOCH);
        assertThat(matches("topic==\"/tasks/exit\",namespace==default", exit)).isTrue();
        assertThat(matches("event.container_id==c1", exit)).isTrue();
        assertThat(matches("event.container_id==c2", exit)).isFalse();
        assertThat(matches("event", exit)).isFalse();
    }

    @Test
    void labelsOfAnEventAreFieldsToo() {
        Event created = new Event.ImageCreated("img", Map.of("a.b", "c"));
        assertThat(matches("event.labels.a.b==c,event.name==img", created)).isTrue();
    }
}
