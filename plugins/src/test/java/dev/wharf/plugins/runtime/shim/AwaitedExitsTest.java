package dev.wharf.plugins.runtime.shim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwaitedExitsTest {
    @TempDir
    private Path state;

    @TempDir
    private Path root;

    private final AtomicLong nanos = new AtomicLong();
    private final RunningTasks tasks = new RunningTasks();

    private AwaitedExits exits() {
        return new AwaitedExits(tasks, new Bundles(state, root), nanos::get);
    }

    /** The bundle of a container whose first process is 100 and which has one more, 200. */
    private Bundle bundle(String id, boolean takenBack) throws IOException {
        Path directory = Files.createDirectories(state.resolve("ns").resolve(id));
        Files.writeString(directory.resolve("init.pid"), "100");
        Files.writeString(directory.resolve("e.pid"), "200\n");
        Files.writeString(directory.resolve("half.pid"), "");
        if (takenBack) {
            Files.writeString(directory.resolve("wharf-shim.json"), "{}");
        }
        return new Bundle("ns", id, directory, root.resolve(id));
    }

    /** A shim whose connection has ended. */
    private Shim away(Bundle bundle) {
        Shim shim = new Shim(
                bundle,
                Optional.empty(),
                new ShimEndpoint(3, "unix:///run/s", "ttrpc"),
                TaskClient.none(bundle.namespace(), bundle.id()),
                ShimTimeouts.DEFAULTS,
                () -> {});
        shim.set(Shim.Phase.LIVE);
        tasks.reserve(bundle.namespace(), bundle.id());
        tasks.show(shim);
        return shim;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void thoseWrittenDownInABundleThatIsTakenBackAreAwaited() throws IOException {
        bundle("c", true);
        assertThat(exits().in(Set.of(100, 200, 300))).containsOnlyKeys(100, 200);
    }

    @Test
    void thoseOfOtherShimsAreNot() throws IOException {
        bundle("c", false);
        assertThat(exits().in(Set.of(100, 200))).isEmpty();
    }

    @Test
    void oneIsAwaitedForAsLongAsItsShimIsAway() throws IOException {
        away(bundle("c", true));
        BooleanSupplier needed = exits().in(Set.of(200)).get(200);
        pass(Duration.ofMinutes(2));
        assertThat(needed).isNotNull().matches(BooleanSupplier::getAsBoolean);
    }

    @Test
    void oneIsAwaitedForAMomentWhereItsShimIsThere() throws IOException {
        bundle("c", true);
        Map<Integer, BooleanSupplier> needed = exits().in(Set.of(200));
        assertThat(needed.get(200)).isNotNull().matches(BooleanSupplier::getAsBoolean);
        pass(Duration.ofMinutes(2));
        assertThat(needed.get(200)).isNotNull().matches(still -> !still.getAsBoolean());
    }

    @Test
    void oneIsNotAwaitedOnceItsContainerIsGivenUp() throws IOException {
        Shim shim = away(bundle("c", true));
        BooleanSupplier needed = exits().in(Set.of(200)).get(200);
        shim.set(Shim.Phase.DEAD);
        assertThat(needed).isNotNull().matches(still -> !still.getAsBoolean());
    }

    @Test
    void oneIsNotAwaitedOnceItsContainerIsGone() throws IOException {
        Bundle bundle = bundle("c", true);
        BooleanSupplier needed = exits().in(Set.of(200)).get(200);
        Files.delete(bundle.path().resolve("wharf-shim.json"));
        assertThat(needed).isNotNull().matches(still -> !still.getAsBoolean());
    }
}
