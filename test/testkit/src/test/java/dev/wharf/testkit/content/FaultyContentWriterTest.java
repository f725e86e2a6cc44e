package dev.wharf.testkit.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.testkit.clock.SettableClock;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FaultyContentWriterTest {
    private static final Context CTX = Context.of("testing");

    private final InMemoryContentStore store = new InMemoryContentStore(new SettableClock());

    @Test
    void itTakesWhatFitsThenIsFull() {
        ByteBuffer data = TestBytes.of(10, 1).buffer();
        try (ContentWriter writer = new FaultyContentWriter(store.writer(CTX, "ref", 0, null), 7)) {
            writer.write(ByteBuffer.allocate(3));
            assertThatThrownBy(() -> writer.write(data)).hasMessageEndingWith("resource exhausted");
        }

        assertThat(data.position()).isEqualTo(4);
        assertThat(store.status(CTX, "ref").offset()).isEqualTo(7);
    }
}
