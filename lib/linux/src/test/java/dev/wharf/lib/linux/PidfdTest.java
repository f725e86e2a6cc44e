package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PidfdTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void peekLeavesTheChildToBeReaped() {
        try (Child child = Spawn.command("sh", "-c", "exit 3").start()) {
            assertThat(child.pidfd().awaitEnd(LONG)).isTrue();
            assertThat(child.pidfd().peek()).contains(new ExitStatus.Exited(3));
            assertThat(child.pidfd().exitInfo()).isEmpty();
            assertThat(child.pidfd().reap()).contains(new ExitStatus.Exited(3));
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> child.pidfd().reap())
                    .matches(e -> e.is(Errno.ECHILD));
            assertThat(child.pidfd().exitInfo()).contains(new ExitStatus.Exited(3));
        }
    }

    @Test
    void exitOfProcessThatIsNoChildIsKnownAfterItsParentReapedIt() {
        try (Pipe said = Pipe.create();
                Child parent = Spawn.command("bash", "-c", "sleep 100 >/dev/null & echo $!; wait $!")
                        .fd(1, said.writer())
                        .start()) {
            try (Pidfd other = Pidfd.open(readNumber(said.reader()))) {
                assertThatExceptionOfType(ErrnoException.class)
                        .isThrownBy(other::reap)
                        .matches(e -> e.is(Errno.ECHILD));
                other.sendSignal(Signal.SIGKILL.number());
                assertThat(parent.waitFor(LONG)).contains(new ExitStatus.Exited(137));
                assertThat(other.exitInfo()).contains(new ExitStatus.Killed(9, false));
            }
        }
    }

    /** A kernel in the middle of reaping says for a moment that there is no such process. */
    @Test
    void exitIsKnownToWhoeverAsksWhileTheProcessIsReaped() throws Exception {
        for (int round = 0; round < 1000; round++) {
            try (Child child = Spawn.command("true").start()) {
                Pidfd pidfd = child.pidfd();
                FutureTask<ExitStatus> asking = new FutureTask<>(() -> {
                    while (true) {
                        Optional<ExitStatus> status = pidfd.exitInfo();
                        if (status.isPresent()) {
                            return status.get();
                        }
                    }
                });
                Thread.ofPlatform().daemon().start(asking);
                assertThat(pidfd.awaitEnd(LONG)).isTrue();
                assertThat(pidfd.reap()).isPresent();

                assertThat(asking.get(30, TimeUnit.SECONDS)).isEqualTo(new ExitStatus.Exited(0));
            }
        }
    }

    @Test
    void epollReportsTheEndOfProcess() {
        try (Child child = Spawn.command("sleep", "100").start();
                Epoll epoll = Epoll.create()) {
            epoll.add(child.pidfd().fd(), Epoll.IN, Long.MAX_VALUE);
            assertThat(epoll.await(8, Duration.ofMillis(10))).isEmpty();
            child.kill(Signal.SIGKILL);
            List<Epoll.Event> events = epoll.await(8, LONG);
            assertThat(events).hasSize(1);
            assertThat(events.getFirst().key()).isEqualTo(Long.MAX_VALUE);
            assertThat(events.getFirst().events() & Epoll.IN).isNotZero();
            assertThat(child.poll()).contains(new ExitStatus.Killed(9, false));
        }
    }

    @Test
    void openOfUnknownPidFails() {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Pidfd.open(4_000_000))
                .matches(e -> e.is(Errno.ESRCH) || e.is(Errno.EINVAL));
    }

    private static int readNumber(Fd fd) {
        byte[] buffer = new byte[32];
        int count = FileIo.read(fd, buffer, 0, buffer.length);
        return Integer.parseInt(new String(buffer, 0, count, StandardCharsets.US_ASCII).strip());
    }
}
