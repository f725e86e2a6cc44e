package dev.wharf.cmd.shim.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Pipe;
import dev.wharf.lib.linux.Poll;
import dev.wharf.lib.linux.Processes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorStoreTest {
    private final List<EventLoop> loops = new ArrayList<>();

    @TempDir
    private Path directory;

    /** As another process has it: with a loop of its own. */
    private DescriptorStore.Opened open() {
        EventLoop loop = new EventLoop();
        loops.add(loop);
        return DescriptorStore.open(directory, new ProcessWatcher(loop, Clock.systemUTC()));
    }

    private DescriptorStore store() {
        DescriptorStore.Opened opened = open();
        opened.descriptors().values().forEach(Fd::close);
        return opened.store();
    }

    @AfterEach
    void end() {
        loops.forEach(EventLoop::close);
        DescriptorStore last = store();
        last.remove("");
        last.closeIfEmpty();
        loops.getLast().close();
    }

    private static String through(Fd writer, Fd reader) {
        FileIo.writeFully(writer, "x".getBytes(StandardCharsets.UTF_8));
        byte[] one = new byte[1];
        FileIo.read(reader, one, 0, 1);
        return new String(one, StandardCharsets.UTF_8);
    }

    @Test
    void anotherStoreFindsWhatWasParkedAsOftenAsItLooks() {
        try (Pipe pipe = Pipe.create()) {
            store().put(Map.of("a/b/c", pipe.writer()));
            for (int i = 0; i < 3; i++) {
                DescriptorStore.Opened found = open();
                assertThat(found.descriptors()).containsOnlyKeys("a/b/c");
                try (Fd parked =
                        java.util.Objects.requireNonNull(found.descriptors().get("a/b/c"))) {
                    assertThat(through(parked, pipe.reader())).isEqualTo("x");
                }
            }
        }
    }

    @Test
    void removalLetsGoAtOnce() {
        DescriptorStore store = store();
        Pipe pipe = Pipe.create();
        store.put(Map.of("n/c//stdin", pipe.writer(), "n/d//stdin", Fd.STDERR));
        pipe.writer().close();
        assertThat(Poll.await(pipe.reader(), Poll.IN, Duration.ZERO)).isZero();
        store.remove("n/c/");
        assertThat(Poll.await(pipe.reader(), Poll.IN, Duration.ofSeconds(5)) & Poll.HUP)
                .isNotZero();
        assertThat(store.keys()).containsExactly("n/d//stdin");
        pipe.close();
    }

    @Test
    void manyChangesDoNotFillTheQueue() {
        DescriptorStore store = store();
        for (int i = 0; i < 2000; i++) {
            store.put(Map.of("n/c" + i + "//pidfd", Fd.STDERR));
            if (i >= 10) {
                store.remove("n/c" + (i - 10) + "/");
            }
        }
        DescriptorStore.Opened found = open();
        assertThat(found.descriptors()).hasSize(10);
        found.descriptors().values().forEach(Fd::close);
    }

    @Test
    void moreThanOneMessageIsParked() {
        Map<String, Fd> many = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            many.put("n/c" + i + "//stdin", Fd.STDERR);
        }
        store().put(many);
        DescriptorStore.Opened found = open();
        assertThat(found.descriptors()).containsOnlyKeys(many.keySet());
        found.descriptors().values().forEach(Fd::close);
    }

    @Test
    void keeperThatDiesIsReplacedWithoutLoss() throws Exception {
        try (Pipe pipe = Pipe.create()) {
            DescriptorStore store = store();
            store.put(Map.of("k/k/k", pipe.writer()));
            String before = Files.readString(directory.resolve("holder"));
            Processes.kill(ProcessId.parse(before).orElseThrow().pid(), 9);
            while (Files.readString(directory.resolve("holder")).equals(before)) {
                Thread.sleep(5);
            }
            DescriptorStore.Opened found = open();
            assertThat(found.descriptors()).containsOnlyKeys("k/k/k");
            found.descriptors().values().forEach(Fd::close);
        }
    }
}
