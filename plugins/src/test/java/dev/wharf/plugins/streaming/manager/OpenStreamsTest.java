package dev.wharf.plugins.streaming.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.streaming.StreamManager.Registration;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OpenStreamsTest {
    private static final Context A = Context.of("a");
    private static final Context B = Context.of("b");

    private final OpenStreams streams = new OpenStreams(2);

    /** A stream that only knows whether it was claimed. */
    private static final class Claimed implements Stream {
        private boolean claimed;

        @Override
        public void send(TypedValue value) {}

        @Override
        public @Nullable TypedValue receive(Duration most) {
            return null;
        }

        @Override
        public void claim() {
            claimed = true;
        }

        @Override
        public void close() {}
    }

    private void isRefused(ErrorKind kind, Context ctx, String name) {
        assertThatThrownBy(() -> streams.register(ctx, name, new Claimed()))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void aStreamIsFoundInItsNamespaceAndClaimed() {
        Claimed stream = new Claimed();
        try (Registration known = streams.register(A, "s", stream)) {
            assertThat(known).isNotNull();
            assertThat(stream.claimed).isFalse();
            assertThat(streams.get(A, "s")).isSameAs(stream);
            assertThat(stream.claimed).isTrue();
            assertThatThrownBy(() -> streams.get(B, "s")).hasMessageContaining("not found");
        }
        assertThatThrownBy(() -> streams.get(A, "s")).hasMessageContaining("not found");
    }

    @Test
    void streamsAreBoundedOverAllNamespaces() {
        Registration first = streams.register(A, "one", new Claimed());
        try (Registration second = streams.register(B, "one", new Claimed())) {
            isRefused(ErrorKind.RESOURCE_EXHAUSTED, A, "two");
            isRefused(ErrorKind.ALREADY_EXISTS, B, "one");
            isRefused(ErrorKind.INVALID_ARGUMENT, A, "");
            first.close();
            first.close();
            try (Registration third = streams.register(A, "two", new Claimed())) {
                assertThat(third).isNotSameAs(second);
            }
        }
    }
}
