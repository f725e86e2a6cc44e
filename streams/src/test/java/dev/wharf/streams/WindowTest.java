package dev.wharf.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.wharf.api.types.transfer.Data;
import dev.wharf.api.types.transfer.WindowUpdate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WindowTest {
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final Recorded stream = new Recorded();

    /** Gives what was put in, and keeps what is sent. */
    private static final class Recorded implements MessageStream {
        private final Deque<Any> incoming = new ArrayDeque<>();
        private final List<Any> sent = new ArrayList<>();

        @Override
        public void send(Any message) {
            sent.add(message);
        }

        @Override
        public @Nullable Any receive(Duration most) {
            return incoming.poll();
        }

        @Override
        public RuntimeException violation(String what) {
            return new IllegalArgumentException(what);
        }

        @Override
        public RuntimeException gone(String what) {
            return new IllegalStateException(what);
        }
    }

    private void window(int size) {
        stream.incoming.add(
                Envelopes.of(WindowUpdate.newBuilder().setUpdate(size).build()));
    }

    private void data(int size) {
        stream.incoming.add(Envelopes.of(
                Data.newBuilder().setData(ByteString.copyFrom(new byte[size])).build()));
    }

    @Test
    void nothingGoesOutBeyondTheWindow() throws Exception {
        window(5);
        window(-3);
        window(40_000);
        new WindowedOutput(stream, IDLE).write(new byte[40_005]);
        List<Integer> sizes = new ArrayList<>();
        for (Any message : stream.sent) {
            sizes.add(Data.parseFrom(message.getValue()).getData().size());
        }
        assertThat(sizes).containsExactly(5, 32 << 10, 40_000 - (32 << 10));
        assertThatThrownBy(() -> new WindowedOutput(stream, IDLE).write(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theWindowIsOpenedAsItIsUsed() {
        data(10);
        data(60_000);
        data(60_000);
        WindowedInput in = new WindowedInput(stream, IDLE);
        assertThat(in.read(new byte[200_000], 0, 200_000)).isEqualTo(10);
        assertThat(stream.sent).hasSize(1);
        assertThat(in.read(new byte[200_000], 0, 200_000)).isEqualTo(60_000);
        assertThat(stream.sent).hasSize(2);
        in.skipRest(1 << 20, IDLE);
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void whoSendsMoreThanTheWindowOrSomethingElseBreaksTheProtocol() {
        data((64 << 10) + 1);
        assertThatThrownBy(() -> new WindowedInput(stream, IDLE).read())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
        stream.incoming.add(Envelopes.of(Empty.getDefaultInstance()));
        assertThatThrownBy(() -> new WindowedInput(stream, IDLE).read())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("google.protobuf.Empty");
    }
}
