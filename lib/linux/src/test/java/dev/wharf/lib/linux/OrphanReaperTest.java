package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrphanReaperTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<Integer, BooleanSupplier> needed = new HashMap<>();
    private final Set<Integer> askedFor = new HashSet<>();
    private final OrphanReaper reaper = new OrphanReaper(this::interest);

    private Map<Integer, BooleanSupplier> interest(Set<Integer> ended) {
        askedFor.addAll(ended);
        return needed;
    }

    @BeforeEach
    void inherit() {
        Prctl.setChildSubreaper(true);
    }

    @AfterEach
    void reapAll() {
        for (int child : ChildProcesses.inherited()) {
            if (ChildProcesses.hasEnded(child)) {
                ChildProcesses.reap(child);
            }
        }
        Prctl.setChildSubreaper(false);
    }

    /** A process whose parent has ended, and which goes on then. */
    private static int orphan(String command) {
        try (Pipe go = Pipe.create();
                Pipe said = Pipe.create();
                Child parent = Spawn.command("sh", "-c", "sh -c 'read go; " + command + "' <&3 >/dev/null & echo $!")
                        .fd(1, said.writer())
                        .fd(3, go.reader())
                        .start()) {
            assertThat(parent.waitFor(LONG)).contains(new ExitStatus.Exited(0));
            byte[] text = new byte[20];
            int count = FileIo.read(said.reader(), text, 0, text.length);
            return Integer.parseInt(new String(text, 0, count, StandardCharsets.US_ASCII).strip());
        }
    }

    private static int endedOrphan(int code) {
        int pid = orphan("exit " + code);
        try (Pidfd pidfd = Pidfd.open(pid)) {
            assertThat(pidfd.awaitEnd(LONG)).isTrue();
        }
        return pid;
    }

    @Test
    void oneThatNobodyNeedsIsReapedWhenItIsFoundAgain() {
        int pid = endedOrphan(7);
        assertThat(Pidfd.anyChildHasEnded()).isTrue();
        reaper.look();
        assertThat(ChildProcesses.hasEnded(pid)).isTrue();
        reaper.look();
        assertThat(Processes.exists(pid)).isFalse();
        assertThat(askedFor).containsExactly(pid);
    }

    @Test
    void oneThatIsNeededIsKeptWithItsCode() {
        int pid = endedOrphan(7);
        AtomicBoolean needs = new AtomicBoolean(true);
        needed.put(pid, needs::get);
        for (int look = 0; look < 5; look++) {
            reaper.look();
        }
        try (Pidfd pidfd = Pidfd.open(pid)) {
            assertThat(pidfd.peek()).contains(new ExitStatus.Exited(7));
            needs.set(false);
            reaper.look();
            assertThat(Processes.exists(pid)).isFalse();
        }
    }

    @Test
    void oneThatIsReleasedIsReapedAtOnce() {
        int pid = endedOrphan(7);
        needed.put(pid, () -> true);
        reaper.look();
        reaper.look();
        reaper.release(pid);
        assertThat(Processes.exists(pid)).isFalse();
        reaper.look();
    }

    @Test
    void oneThatRunsIsLeftAlone() {
        int pid = orphan("exec sleep 100");
        reaper.look();
        reaper.look();
        reaper.release(pid);
        try (Pidfd pidfd = Pidfd.open(pid)) {
            assertThat(pidfd.hasEnded()).isFalse();
            pidfd.sendSignal(Signal.SIGKILL.number());
            assertThat(pidfd.awaitEnd(LONG)).isTrue();
        }
        assertThat(askedFor).isEmpty();
    }

    @Test
    void processesStartedHereAreLeftToWhoStartedThem() {
        try (Child child = Spawn.command("sh", "-c", "exit 3").start()) {
            assertThat(child.pidfd().awaitEnd(LONG)).isTrue();
            reaper.look();
            reaper.look();
            reaper.release(child.pid());
            assertThat(child.poll()).contains(new ExitStatus.Exited(3));
        }
        assertThat(askedFor).isEmpty();
    }

    @Test
    void inheritsUntilItIsClosed() throws Exception {
        Prctl.setChildSubreaper(false);
        try (OrphanReaper started = OrphanReaper.start(this::interest)) {
            assertThat(started).isNotNull();
            assertThat(Prctl.isChildSubreaper()).isTrue();
            int pid = orphan("exit 5");
            while (Processes.exists(pid)) {
                Thread.sleep(10);
            }
        }
        assertThat(Prctl.isChildSubreaper()).isFalse();
    }
}
