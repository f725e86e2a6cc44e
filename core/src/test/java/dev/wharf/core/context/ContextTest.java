package dev.wharf.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class ContextTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));

    @Test
    void aCallMayTakeNoLongerThanItsRequestOrItsBound() {
        Context ctx = Context.of("default").withDeadline(Context.Deadline.after(Duration.ofSeconds(3), NOON));
        assertThat(ctx.remaining(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(3));
        assertThat(ctx.remaining(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Context.of("default").remaining(Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aRequestWhoseTimeIsOverIsRefused() {
        Context ctx = Context.of("default").withDeadline(Context.Deadline.after(Duration.ZERO, NOON));
        assertThatThrownBy(() -> ctx.remaining(Duration.ofSeconds(1))).hasMessageContaining("deadline exceeded");
    }

    @Test
    void aNamespaceIsAnIdentifier() {
        assertThatThrownBy(() -> Context.of("../x")).hasMessageContaining("../x");
    }
}
