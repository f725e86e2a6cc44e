package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimFixture.eventually;
import static dev.wharf.plugins.runtime.shim.ShimTaskRuntimeTest.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A daemon that starts where another one left off. */
class RecoverShimsTest {
    private ShimFixture on;

    @BeforeEach
    void start() {
        on = new ShimFixture();
    }

    @AfterEach
    void stop() throws IOException {
        on.close();
    }

    @Test
    void containersRunOnWhileNoDaemonDoes() {
        ShimTaskRuntime first = on.newRuntime();
        Task before = on.run(first, "t1", "sleep 60");
        first.close();
        assertThat(new InitProcess(before.pid(), Instant.now()).isAlive()).isTrue();

        ShimTaskRuntime second = on.newRuntime();
        Task after = second.get(on.ctx, "t1");
        assertThat(after.pid()).isEqualTo(before.pid());
        assertThat(after.state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
        after.kill(on.ctx, "", 15, true);
        after.kill(on.ctx, "", 9, true);
        assertThat(after.await(on.ctx, "").status()).isEqualTo(137);
        second.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void exitWhileNoDaemonRanIsKnownAfterwards() {
        ShimTaskRuntime first = on.newRuntime();
        Task before = on.run(first, "t1", "sleep 0.3; exit 9");
        int pid = before.pid();
        Instant seen = Instant.now();
        first.close();
        eventually("the container ends", () -> !new InitProcess(pid, seen).isAlive());

        ShimTaskRuntime second = on.newRuntime();
        Task after = second.get(on.ctx, "t1");
        assertThat(after.state(on.ctx, "").status()).isEqualTo(Status.STOPPED);
        assertThat(after.state(on.ctx, "").exitStatus()).isEqualTo(9);
        assertThat(after.await(on.ctx, "").status()).isEqualTo(9);
        assertThat(second.delete(on.ctx, "t1").status()).isEqualTo(9);
        on.assertNothingLeft("t1");
    }

    @Test
    void shimThatDiedWhileNoDaemonRanIsCleanedUpAfterWithoutEvents() {
        ShimTaskRuntime first = on.newRuntime();
        Task task = on.run(first, "t1", "sleep 60");
        int init = task.pid();
        Instant seen = Instant.now();
        first.close();
        int shim = on.shimPid("t1");
        Processes.kill(shim, 9);
        eventually("the shim ends", () -> !new InitProcess(shim, Instant.now()).isAlive());

        ShimTaskRuntime second = on.newRuntime();
        assertThat(second.list(on.ctx)).isEmpty();
        assertThat(new InitProcess(init, seen).isAlive()).isFalse();
        assertThat(on.bus.events()).isEmpty();
        on.assertNothingLeft("t1");
    }

    @Test
    void shimOfABundleThatKnowsItsAddressOnlyIsFound() throws IOException {
        ShimTaskRuntime first = on.newRuntime();
        on.run(first, "t1", "sleep 60");
        first.close();
        Files.delete(on.bundle("t1").resolve("bootstrap.json"));
        Files.delete(on.bundle("t1").resolve("shim-binary-path"));

        ShimTaskRuntime second = on.newRuntime();
        Task task = second.get(on.ctx, "t1");
        task.kill(on.ctx, "", 9, true);
        task.await(on.ctx, "");
        second.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void shimTooSlowToAnswerIsKeptAndHoldsUpNoOther() {
        ShimTaskRuntime first = on.newRuntime();
        on.run(first, "slow", "sleep 60");
        on.run(first, "fine", "sleep 60");
        first.close();
        int shim = on.shimPid("slow");
        Processes.kill(shim, 19);
        ShimTaskRuntime second;
        try {
            second = on.newRuntime(on.hasty());
            assertThat(second.get(on.ctx, "fine").state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
            assertThatThrownBy(() -> second.get(on.ctx, "slow").state(on.ctx, ""))
                    .satisfies(is(ErrorKind.DEADLINE_EXCEEDED));
            assertThat(second.get(on.ctx, "slow").pid()).isPositive();
        } finally {
            Processes.kill(shim, 18);
        }
        for (String id : new String[] {"slow", "fine"}) {
            Task task = second.get(on.ctx, id);
            task.kill(on.ctx, "", 9, true);
            task.await(on.ctx, "");
            second.delete(on.ctx, id);
            on.assertNothingLeft(id);
        }
    }

    @Test
    void shimWithoutContainerIsEnded() {
        ShimTaskRuntime first = on.newRuntime();
        Bundle bundle =
                new Bundles(on.state, on.root.resolve("root")).create(on.namespace, "t1", on.spec("t1", "true", false));
        ShimBinary binary = new ShimBinary(
                Path.of("/usr/bin/containerd-shim-runc-v2"), on.config(ShimFixture.TIMEOUTS), new BootstrapForms());
        bundle.writeEndpoint(binary.start(bundle, on.runcOptions(), Duration.ofSeconds(20)));
        bundle.writeBinary(binary.path());
        first.close();
        assertThat(on.shimPid("t1")).isPositive();

        assertThat(on.newRuntime().list(on.ctx)).isEmpty();
        on.assertNothingLeft("t1");
    }

    @Test
    void emptyAndUnfinishedBundlesAreRemovedAndHiddenNamesLeft() throws IOException {
        Files.createDirectories(on.bundle("empty"));
        Files.createDirectories(on.bundle("begun").resolve("rootfs"));
        Files.writeString(on.bundle("begun").resolve("config.json"), "{}");
        Files.createDirectories(on.state.resolve(".hidden/t1"));
        Files.createDirectories(on.root.resolve("root").resolve(on.namespace).resolve("orphan/x"));

        on.newRuntime();
        on.assertNothingLeft("empty");
        on.assertNothingLeft("begun");
        on.assertNothingLeft("orphan");
        assertThat(on.state.resolve(".hidden/t1")).exists();
    }

    @Test
    void bundleWhoseContainerLivesWithoutAKnownShimIsKept() throws IOException {
        Process lives = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.createDirectories(on.bundle("t1"));
            Files.writeString(on.bundle("t1").resolve("init.pid"), Long.toString(lives.pid()));
            on.newRuntime();
            assertThat(on.bundle("t1").resolve("init.pid")).exists();
            assertThat(lives.isAlive()).isTrue();
        } finally {
            lives.destroyForcibly();
        }
    }

    @Test
    void deathAfterATakeoverIsNoticed() {
        ShimTaskRuntime first = on.newRuntime();
        on.run(first, "t1", "sleep 60");
        first.close();
        ShimTaskRuntime second = on.newRuntime();
        Processes.kill(on.shimPid("t1"), 9);
        eventually("both events", () -> on.bus.topics().size() == 2);
        assertThat(second.list(on.ctx)).isEmpty();
        on.assertNothingLeft("t1");
    }
}
