package dev.wharf.lib.ttrpc;

import static dev.wharf.lib.ttrpc.EchoServer.blocking;
import static dev.wharf.lib.ttrpc.EchoServer.failure;
import static dev.wharf.lib.ttrpc.EchoService.word;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.wharf.lib.ttrpc.test.Word;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all connections of a server hold together. */
final class FrameMemoryTest {
    private static final int LARGE = 3 << 20;

    /** As many large frames as three quarters of the memory hold. */
    private static final int MOST_LARGE = FrameMemory.LEAST_BYTES / 4 * 3 / (LARGE + 100);

    private final List<RawPeer> peers = new ArrayList<>();
    private EchoServer echo;
    private TtrpcChannel channel;

    @BeforeEach
    void start() throws IOException {
        startWith(TtrpcChannel.WRITE_TIMEOUT);
    }

    private void startWith(Duration writeTimeout) throws IOException {
        echo = new EchoServer(settings -> settings.maxBytes(FrameMemory.LEAST_BYTES)
                .patience(Duration.ofMillis(100))
                .writeTimeout(writeTimeout));
        channel = echo.connect();
    }

    @AfterEach
    void stop() throws IOException {
        channel.close();
        for (RawPeer peer : peers) {
            peer.close();
        }
        echo.close();
    }

    private RawPeer peer() throws IOException {
        RawPeer peer = new RawPeer(echo.connectRaw());
        peers.add(peer);
        return peer;
    }

    private static Word large(String text) {
        return Word.newBuilder()
                .setText(text)
                .setBlob(ByteString.copyFrom(new byte[LARGE]))
                .build();
    }

    private void isRefused() {
        assertThat(failure(() -> blocking(channel).say(large("x"))).getStatus())
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(Status.Code.RESOURCE_EXHAUSTED, Wire.NO_ROOM.getDescription());
    }

    private void smallCallsPass() {
        assertThat(blocking(channel).say(word("on"))).isEqualTo(word("on"));
    }

    /** Until what others held is given back. */
    private void awaitLargePasses(Word request) throws InterruptedException {
        for (int look = 0; ; look++) {
            try {
                assertThat(blocking(channel).say(request)).isNotNull();
                return;
            } catch (StatusRuntimeException full) {
                assertThat(full.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(look).isLessThan(200);
                Thread.sleep(50);
            }
        }
    }

    @Test
    void requestsAreRefusedWhereAllConnectionsHoldTooMany() throws Exception {
        byte[] body = RawPeer.request("Say", large("hold").toByteArray());
        for (int i = 0; i < MOST_LARGE; i++) {
            peer().send(1, Wire.TYPE_REQUEST, 0, body);
        }
        echo.service.waiting.acquire(MOST_LARGE);
        isRefused();
        smallCallsPass();
        echo.service.release.countDown();
        awaitLargePasses(large("x"));
    }

    @Test
    void whoStallsInsideABodyLosesItsConnectionAndTheRoom() throws Exception {
        stop();
        startWith(Duration.ofMillis(500));
        for (int i = 0; i < MOST_LARGE; i++) {
            peer().send(LARGE, 1, Wire.TYPE_REQUEST, 0, new byte[10]);
        }
        smallCallsPass();
        for (RawPeer stalled : peers) {
            assertThat(stalled.next()).isNull();
        }
        awaitLargePasses(large("x"));
    }

    @Test
    void whoHangsUpInsideABodyGivesTheRoomBack() throws Exception {
        for (int i = 0; i < 5 * MOST_LARGE; i++) {
            try (RawPeer peer = new RawPeer(echo.connectRaw())) {
                peer.send(LARGE, 1, Wire.TYPE_REQUEST, 0, new byte[10]);
            }
        }
        awaitLargePasses(large("x"));
    }

    @Test
    void malformedAndMisplacedFramesGiveTheRoomBack() throws Exception {
        RawPeer peer = peer();
        for (int i = 0; i < 5 * MOST_LARGE; i++) {
            peer.send(2 * i, Wire.TYPE_REQUEST, 0, new byte[LARGE]);
            assertThat(peer.status(2 * i).getCode()).isNotZero();
            peer.send(2 * i + 1, i % 2 == 0 ? Wire.TYPE_DATA : Wire.TYPE_REQUEST, 0, new byte[LARGE]);
            assertThat(peer.status(2 * i + 1).getCode()).isNotZero();
        }
        awaitLargePasses(large("x"));
    }

    @Test
    void answersNobodyReadsAreBoundedToo() throws Exception {
        Word big = Word.newBuilder().setText("big").setTimes(LARGE).build();
        for (int i = 0; i < MOST_LARGE; i++) {
            askAndReadNothing(big);
        }
        while (echo.service.big.get() < MOST_LARGE) {
            Thread.onSpinWait();
        }
        Status refused = refusal(big);
        assertThat(refused.getDescription()).isEqualTo(Wire.NO_ROOM_FOR_ANSWER.getDescription());
        smallCallsPass();
        for (RawPeer deaf : peers) {
            deaf.close();
        }
        awaitLargePasses(big);
    }

    private void askAndReadNothing(Word request) throws IOException {
        peer().send(1, Wire.TYPE_REQUEST, 0, RawPeer.request("Say", request.toByteArray()));
    }

    /**
     * How a call fails once what others do not read is counted. A call that passes may have had the room of an answer to
     * one of them, which was refused for it: one more asks then.
     */
    private Status refusal(Word request) throws IOException {
        while (true) {
            try {
                assertThat(blocking(channel).say(request)).isNotNull();
            } catch (StatusRuntimeException full) {
                return full.getStatus();
            }
            askAndReadNothing(request);
        }
    }
}
