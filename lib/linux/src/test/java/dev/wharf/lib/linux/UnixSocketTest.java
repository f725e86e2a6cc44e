package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path dir;

    @Test
    void descriptorsArriveAsTheSameOpenFiles() {
        try (Pipe pipe = Pipe.create();
                UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.Type.STREAM)) {
            pair.first().send(HELLO, List.of(pipe.reader(), pipe.writer()));
            ReceivedMessage received = pair.second().receive(100, 4);
            assertThat(received.data()).isEqualTo(HELLO);
            assertThat(received.descriptors()).hasSize(2);
            try (Fd reader = received.descriptors().get(0);
                    Fd writer = received.descriptors().get(1)) {
                assertThat(Fcntl.closeOnExec(reader)).isTrue();
                FileIo.writeFully(writer, HELLO);
                assertThat(FileIo.read(pipe.reader(), new byte[10], 0, 10)).isEqualTo(5);
                assertThat(Stat.of(reader).inode())
                        .isEqualTo(Stat.of(pipe.reader()).inode());
            }
        }
    }

    @Test
    void moreDescriptorsThanAcceptedAreRefusedAndClosed() {
        try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.Type.SEQPACKET)) {
            for (int count : new int[] {2, 3, 9}) {
                long before = OpenDescriptors.numbers().count();
                pair.first().send(HELLO, Collections.nCopies(count, Fd.STDERR));
                assertThatExceptionOfType(ErrnoException.class)
                        .isThrownBy(() -> pair.second().receive(100, 1))
                        .matches(e -> e.is(Errno.EMSGSIZE));
                assertThat(OpenDescriptors.numbers().count()).isEqualTo(before);
            }
            pair.first().send(HELLO, List.of());
            assertThat(pair.second().receive(100, 0).descriptors()).isEmpty();
        }
    }

    @Test
    void endOfStreamIsAnEmptyMessage() {
        try (UnixSocket.Pair pair = UnixSocket.pair(UnixSocket.Type.STREAM)) {
            pair.first().close();
            assertThat(pair.second().receive(10, 0).data()).isEmpty();
        }
    }

    @Test
    void listenerSeesWhoConnected() {
        for (String address : List.of(dir.resolve("s").toString(), "@wharf-test-" + Processes.pid())) {
            try (UnixSocket listener = UnixSocket.listen(address, 4);
                    UnixSocket client = UnixSocket.create(UnixSocket.Type.STREAM)) {
                client.connect(address);
                try (UnixSocket server = listener.accept()) {
                    assertThat(server.peer()).isEqualTo(new UnixSocket.Peer(Processes.pid(), 0, 0));
                    server.send(HELLO, List.of());
                    assertThat(client.receive(10, 0).data()).isEqualTo(HELLO);
                }
            }
        }
    }

    @Test
    void datagramReachesPathsAndAbstractNames() {
        for (String address : List.of(dir.resolve("d").toString(), "@wharf-datagram-" + Processes.pid())) {
            try (UnixSocket receiver = UnixSocket.create(UnixSocket.Type.DATAGRAM)) {
                receiver.bind(address);
                UnixDatagram.send(address, HELLO);
                assertThat(receiver.receive(100, 0).data()).isEqualTo(HELLO);
            }
        }
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> UnixDatagram.send(dir.resolve("none").toString(), HELLO))
                .matches(e -> e.is(Errno.ENOENT));
    }

    @Test
    void addressThatDoesNotFitIsRefused() {
        String fits = "/" + "a".repeat(106);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> UnixDatagram.send(fits, HELLO))
                .matches(e -> e.is(Errno.ENOENT));
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> UnixDatagram.send(fits + "a", HELLO))
                .matches(e -> e.is(Errno.ENAMETOOLONG));
    }
}
