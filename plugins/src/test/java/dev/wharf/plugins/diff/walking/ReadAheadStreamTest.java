package dev.wharf.plugins.diff.walking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.WharfException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadAheadStreamTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, (1 << 17) - 1, 1 << 17, 3_000_000})
    void allBytesComeInTheirOrder(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);

        try (InputStream ahead = new ReadAheadStream(new ByteArrayInputStream(bytes))) {
            assertThat(ahead.readAllBytes()).isEqualTo(bytes);
            assertThat(ahead.read()).isEqualTo(-1);
        }
    }

    @Test
    void aFailureComesAfterWhatWasReadBeforeItAndStays() throws IOException {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[1 << 17]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        });

        try (InputStream ahead = new ReadAheadStream(broken)) {
            assertThat(ahead.readNBytes(1 << 17)).hasSize(1 << 17);
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("broken");
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("broken");
        }
    }

    /** Never ends, counts what was taken of it, and tells when it is closed. */
    private static final class Endless extends InputStream {
        private final AtomicLong taken = new AtomicLong();
        private final AtomicBoolean closed = new AtomicBoolean();

        @Override
        public int read() {
            taken.incrementAndGet();
            return 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            taken.addAndGet(length);
            return length;
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    void noMoreIsReadAheadThanTheBuffersHoldAndClosingEndsIt() throws IOException {
        Endless endless = new Endless();

        try (InputStream ahead = new ReadAheadStream(endless)) {
            assertThat(ahead.read()).isZero();
        }

        assertThat(endless.closed).isTrue();
        assertThat(endless.taken).hasValueLessThanOrEqualTo(5L << 17);
    }

    @Test
    void anInterruptEndsTheWaitForBytes() throws IOException {
        InputStream waiting = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                    return -1;
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };

        try (InputStream ahead = new ReadAheadStream(waiting)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(ahead::read).isInstanceOf(WharfException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
