package dev.wharf.cmd.wharfd.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import dev.wharf.api.services.version.v1.VersionGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class UnreadAnswersTest {
    private static final int LARGE = 100_000;

    private final UnreadAnswers answers = new UnreadAnswers(3 * LARGE);

    /** A call of a client that reads when the test says so. */
    private final class Call extends ServerCall<Empty, BytesValue> {
        private final List<BytesValue> sent = new ArrayList<>();
        private @Nullable Status end;
        private boolean ready = true;
        private final Listener<Empty> listener;
        private ServerCall<Empty, BytesValue> seen = this;

        Call() {
            listener = answers.interceptCall(this, new Metadata(), (call, headers) -> {
                seen = call;
                return new Listener<>() {};
            });
        }

        Call answer(int bytes) {
            seen.sendMessage(BytesValue.of(ByteString.copyFrom(new byte[bytes])));
            return this;
        }

        /** The client has read what was sent. */
        void read() {
            ready = true;
            listener.onReady();
        }

        boolean isRefused() {
            return end != null && end.getCode() == Status.Code.RESOURCE_EXHAUSTED;
        }

        @Override
        public void sendMessage(BytesValue message) {
            assertThat(end).as("ended call").isNull();
            sent.add(message);
            ready = false;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            assertThat(end).as("ended call").isNull();
            end = status;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        @SuppressWarnings("unchecked") // Nobody looks at the types of this method.
        public MethodDescriptor<Empty, BytesValue> getMethodDescriptor() {
            return (MethodDescriptor<Empty, BytesValue>) (MethodDescriptor<?, ?>) VersionGrpc.getVersionMethod();
        }
    }

    @Test
    void whatIsNotReadIsBoundedOverAllCalls() {
        Call first = new Call().answer(LARGE);
        assertThat(new Call().answer(LARGE).isRefused()).isFalse();
        Call refused = new Call().answer(2 * LARGE);
        assertThat(refused.isRefused()).isTrue();
        assertThat(Objects.requireNonNull(refused.end).getDescription()).contains("not read", "try again");
        assertThat(refused.sent).isEmpty();
        first.listener.onComplete();
        assertThat(new Call().answer(LARGE).isRefused()).isFalse();
    }

    @Test
    void smallAnswersAlwaysPass() {
        new Call().answer(LARGE);
        new Call().answer(2 * LARGE - 100);
        assertThat(new Call().answer(LARGE).isRefused()).isTrue();
        assertThat(new Call().answer(100).isRefused()).isFalse();
    }

    @Test
    void aStreamThatIsReadGoesOnAndOneThatIsNotEndsOnce() {
        Call stream = new Call();
        for (int i = 0; i < 20; i++) {
            stream.answer(2 * LARGE).read();
        }
        assertThat(stream.sent).hasSize(20);
        Call deaf = new Call().answer(LARGE).answer(LARGE).answer(LARGE);
        assertThat(deaf.isRefused()).isTrue();
        assertThat(deaf.seen.isCancelled()).isTrue();
        deaf.answer(LARGE).seen.close(Status.OK, new Metadata());
        assertThat(deaf.isRefused()).isTrue();
        deaf.listener.onComplete();
        assertThat(new Call().answer(2 * LARGE).isRefused()).isFalse();
    }

    /** The transport tells of its readiness at the start of a call, which may come after the answer. */
    @Test
    void readinessToldLateGivesNothingBack() {
        Call unread = new Call().answer(2 * LARGE);
        unread.listener.onReady();
        assertThat(new Call().answer(2 * LARGE).isRefused()).isTrue();
        unread.listener.onCancel();
        assertThat(new Call().answer(2 * LARGE).isRefused()).isFalse();
    }
}
