package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimFixture.eventually;
import static dev.wharf.plugins.runtime.shim.ShimTaskRuntimeTest.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shims that die or hang, and what becomes of their containers. */
class DeadShimTest {
    private ShimFixture on;
    private ShimTaskRuntime runtime;

    @BeforeEach
    void start() {
        on = new ShimFixture();
        runtime = on.newRuntime();
    }

    @AfterEach
    void stop() throws IOException {
        on.close();
    }

    @Test
    void killedShimIsCleanedUpAfterAndItsEndIsPublished() {
        Task task = on.run(runtime, "t1", "sleep 60");
        Path socket = on.socket("t1");
        int init = task.pid();
        Processes.kill(on.shimPid("t1"), 9);

        eventually("both events", () -> on.bus.events().size() == 2);
        assertThat(on.bus.topics()).containsExactly("/tasks/exit", "/tasks/delete");
        Event.TaskExited exited = (Event.TaskExited) on.bus.events().getFirst();
        assertThat(exited.exitStatus()).isEqualTo(137);
        assertThat(exited.id()).isEqualTo("t1");
        assertThat(exited.pid()).isEqualTo(init);
        assertThat(new InitProcess(init, exited.exitedAt()).isAlive()).isFalse();
        assertThat(runtime.list(on.ctx)).isEmpty();
        assertThatThrownBy(() -> runtime.delete(on.ctx, "t1")).satisfies(is(ErrorKind.NOT_FOUND));
        assertThat(socket).doesNotExist();
        on.assertNothingLeft("t1");
    }

    /** A Go shim that is started again knows nothing of what its predecessor ran. */
    @Test
    void containerThatANewShimDoesNotTakeBackIsCleanedUpAfter() throws IOException {
        Task task = on.run(runtime, "t1", "sleep 60");
        Files.writeString(on.bundle("t1").resolve("wharf-shim.json"), "{}");
        Processes.kill(on.shimPid("t1"), 9);

        eventually("both events", () -> on.bus.events().size() == 2);
        assertThat(((Event.TaskExited) on.bus.events().getFirst()).exitStatus()).isEqualTo(137);
        assertThat(new InitProcess(task.pid(), Instant.now()).isAlive()).isFalse();
        assertThat(runtime.list(on.ctx)).isEmpty();
        on.assertNothingLeft("t1");
    }

    @Test
    void pausedContainerOfADeadShimIsEndedToo() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.pause(on.ctx);
        Processes.kill(on.shimPid("t1"), 9);
        eventually("both events", () -> on.bus.events().size() == 2);
        assertThat(((Event.TaskExited) on.bus.events().getFirst()).exitStatus()).isEqualTo(137);
        on.assertNothingLeft("t1");
    }

    @Test
    void execsOfADeadShimEndWithItsContainer() {
        Task task = on.run(runtime, "t1", "sleep 60");
        task.exec(on.ctx, "e1", ShimFixture.exec("sleep 60"), TaskIo.NONE);
        task.start(on.ctx, "e1");
        Processes.kill(on.shimPid("t1"), 9);
        assertThatThrownBy(() -> task.await(on.ctx, "e1")).satisfies(is(ErrorKind.UNAVAILABLE));
        eventually("both events", () -> on.bus.events().size() == 2);
        on.assertNothingLeft("t1");
    }

    @Test
    void lostConnectionToALivingShimIsMadeAgain() {
        Task task = on.run(runtime, "t1", "sleep 60");
        runtime.loseConnection(on.namespace, "t1");
        eventually("the task answers again", () -> answers(task));
        assertThat(on.bus.events()).isEmpty();
        task.kill(on.ctx, "", 9, true);
        assertThat(task.await(on.ctx, "").status()).isEqualTo(137);
        runtime.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    private boolean answers(Task task) {
        try {
            return task.state(on.ctx, "").status() == Status.RUNNING;
        } catch (dev.wharf.core.error.WharfException e) {
            return false;
        }
    }

    @Test
    void groupedContainersShareAShimAndDieAlone() {
        Task one = runtime.create(on.ctx, on.grouped("t1", "g", "sleep 60"));
        Task two = runtime.create(on.ctx, on.grouped("t2", "g", "sleep 60"));
        one.start(on.ctx, "");
        two.start(on.ctx, "");
        assertThat(on.socket("t1")).isEqualTo(on.socket("t2"));
        one.kill(on.ctx, "", 9, true);
        one.await(on.ctx, "");
        runtime.delete(on.ctx, "t1");
        assertThat(two.state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(() -> runtime.create(on.ctx, on.grouped("t3", "g", "\", 7, \"")))
                .isInstanceOf(dev.wharf.core.error.WharfException.class);
        assertThat(two.state(on.ctx, "").status()).isEqualTo(Status.RUNNING);
        two.kill(on.ctx, "", 9, true);
        two.await(on.ctx, "");
        runtime.delete(on.ctx, "t2");
        on.assertNothingLeft("t1");
        on.assertNothingLeft("t2");
        on.assertNothingLeft("t3");
    }

    @Test
    void exitLearnedBeforeTheShimDiedIsTheOnePublished() {
        Task task = on.run(runtime, "t1", "exit 5");
        assertThat(task.await(on.ctx, "").status()).isEqualTo(5);
        Processes.kill(on.shimPid("t1"), 9);
        eventually("both events", () -> on.bus.events().size() == 2);
        assertThat(((Event.TaskDeleted) on.bus.events().getLast()).exitStatus()).isEqualTo(5);
        on.assertNothingLeft("t1");
    }

    @Test
    void whoeverWaitsForTheTaskLearnsItsEnd() throws InterruptedException {
        Task task = on.run(runtime, "t1", "sleep 60");
        AtomicReference<Exit> seen = new AtomicReference<>();
        Thread waiting = Thread.ofVirtual().start(() -> seen.set(task.await(on.ctx, "")));
        Processes.kill(on.shimPid("t1"), 9);
        waiting.join();
        assertThat(seen.get()).isNotNull().extracting(Exit::status).isEqualTo(137);
        on.assertNothingLeft("t1");
    }

    @Test
    void taskOfADeadShimCanBeDeletedWhileItIsCleanedUpAfter() {
        on.run(runtime, "t1", "sleep 60");
        Processes.kill(on.shimPid("t1"), 9);
        assertThat(runtime.delete(on.ctx, "t1").status()).isEqualTo(137);
        on.assertNothingLeft("t1");
    }

    @Test
    void deletionByABinaryThatFailsIsToldAs255AndStillEndsTheContainer() throws IOException {
        Path shim = on.script(
                "containerd-shim-half-v1",
                "for last; do :; done; [ \"$last\" = delete ] && { echo no way >&2; exit 1; };"
                        + " exec /usr/bin/containerd-shim-runc-v2 \"$@\"");
        Task task = runtime.create(on.ctx, on.request("t1", shim.toString(), "sleep 60", TaskIo.NONE));
        task.start(on.ctx, "");
        int init = task.pid();
        Processes.kill(on.shimPid("t1"), 9);
        eventually("both events", () -> on.bus.events().size() == 2);
        assertThat(((Event.TaskExited) on.bus.events().getFirst()).exitStatus()).isEqualTo(255);
        assertThat(ShimFixture.processesWith("sleep\00060\000")).doesNotContain(init);
        assertThat(on.bundle("t1")).doesNotExist();
        assertThat(on.dirs.mounts()).isEmpty();
        on.runcDelete("t1");
    }

    @Test
    void hungShimIsNotWaitedForBeyondTheDeadlineAndHurtsNoOther() {
        ShimTaskRuntime hasty = on.newRuntime(on.hasty());
        Task hung = on.run(hasty, "t1", "sleep 60");
        Task fine = on.run(hasty, "t2", "sleep 60");
        int shim = on.shimPid("t1");
        Processes.kill(shim, 19);
        try {
            assertThatThrownBy(() -> hung.state(on.ctx, "")).satisfies(is(ErrorKind.DEADLINE_EXCEEDED));
            assertThatThrownBy(() -> hung.kill(on.ctx, "", 9, false)).satisfies(is(ErrorKind.DEADLINE_EXCEEDED));
            assertThat(hasty.list(on.ctx)).hasSize(2);
            fine.kill(on.ctx, "", 9, false);
            assertThat(fine.await(on.ctx, "").status()).isEqualTo(137);
            hasty.delete(on.ctx, "t2");
        } finally {
            Processes.kill(shim, 18);
        }
        assertThat(hung.await(on.ctx, "").status())
                .as("the signal that came late")
                .isEqualTo(137);
        hasty.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void shimThatHangsWhileStartingIsKilledAndLeavesNothing() {
        ShimTaskRuntime hasty = on.newRuntime(on.hasty());
        String length = "1000." + ProcessHandle.current().pid();
        String sleep = "sleep " + length;
        Path shim = on.script("shim-hangs", sleep + " & setsid " + sleep + " & " + sleep);
        assertThatThrownBy(() -> create(hasty, shim))
                .satisfies(is(ErrorKind.DEADLINE_EXCEEDED))
                .hasMessageContaining("shim-hangs start of t1 did not end within");
        on.assertNothingLeft("t1");
        assertThat(ShimFixture.processesWith("sleep\0" + length + "\0")).isEmpty();
    }

    @Test
    void shimThatFailsToStartSaysWhy() {
        Path shim = on.script("shim-fails", "echo out of luck >&2; exit 3");
        assertThatThrownBy(() -> create(runtime, shim))
                .hasMessageContaining("shim-fails start of t1 failed: \"out of luck\"")
                .hasMessageContaining("exit status 3");
        on.assertNothingLeft("t1");
    }

    @Test
    void shimThatPrintsNoAddressIsRefused() {
        Path text = on.script("shim-babbles", "echo hello there");
        assertThatThrownBy(() -> create(runtime, text)).hasMessageContaining("\"hello there\"");
        Path bytes = on.script("shim-noise", "head -c 300 /dev/zero");
        assertThatThrownBy(() -> create(runtime, bytes)).hasMessageContaining("printed neither");
        Path nothing = on.script("shim-mute", "exit 0");
        assertThatThrownBy(() -> create(runtime, nothing)).hasMessageContaining("printed no address");
        Path endless = on.script("shim-endless", "yes | head -c 100000000");
        assertThatThrownBy(() -> create(runtime, endless)).hasMessageContaining("printed no address");
        on.assertNothingLeft("t1");
    }

    @Test
    void shimThatListensNowhereIsUnavailable() {
        Path shim = on.script("shim-liar", "echo unix://" + on.root + "/nobody.sock");
        assertThatThrownBy(() -> create(runtime, shim)).satisfies(is(ErrorKind.UNAVAILABLE));
        on.assertNothingLeft("t1");
    }

    @Test
    void shimsOfOtherTransportsAreRefusedByName() {
        Path grpc = on.script(
                "shim-grpc", "echo '{\"version\":3,\"address\":\"unix:///run/x.sock\",\"protocol\":\"grpc\"}'");
        assertThatThrownBy(() -> create(runtime, grpc))
                .satisfies(is(ErrorKind.NOT_IMPLEMENTED))
                .hasMessageContaining("grpc");
        Path vsock = on.script("shim-vsock", "echo vsock://3:1024");
        assertThatThrownBy(() -> create(runtime, vsock))
                .satisfies(is(ErrorKind.NOT_IMPLEMENTED))
                .hasMessageContaining("vsock://3:1024");
        Path future = on.script(
                "shim-future", "echo '{\"version\":9,\"address\":\"unix:///run/x.sock\",\"protocol\":\"ttrpc\"}'");
        assertThatThrownBy(() -> create(runtime, future))
                .satisfies(is(ErrorKind.NOT_IMPLEMENTED))
                .hasMessageContaining("unsupported shim version (9)");
        on.assertNothingLeft("t1");
    }

    @Test
    void unknownRuntimeSaysWhatIsMissingWhere() {
        assertThatThrownBy(
                        () -> runtime.create(on.ctx, on.request("t1", "io.containerd.nowhere.v9", "true", TaskIo.NONE)))
                .satisfies(is(ErrorKind.NOT_FOUND))
                .hasMessageContaining(
                        "runtime \"io.containerd.nowhere.v9\" binary not installed \"containerd-shim-nowhere-v9\"")
                .hasMessageContaining("/usr/bin");
        assertThatThrownBy(() -> create(runtime, on.root.resolve("missing"))).satisfies(is(ErrorKind.NOT_FOUND));
        assertThatThrownBy(() -> runtime.create(on.ctx, on.request("t1", "bin/shim", "true", TaskIo.NONE)))
                .satisfies(is(ErrorKind.INVALID_ARGUMENT));
        on.assertNothingLeft("t1");
    }

    @Test
    void logOfAShimDoesNotStopItHoweverMuchItWrites() {
        Path shim = on.script(
                "containerd-shim-loud-v1",
                "for last; do :; done; [ \"$last\" = start ] && head -c 1000000 /dev/zero | tr '\\000' x > log;"
                        + " exec /usr/bin/containerd-shim-runc-v2 \"$@\"");
        Task task = create(runtime, shim);
        task.start(on.ctx, "");
        task.await(on.ctx, "");
        runtime.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void specThatIsNoJsonIsRefused() {
        CreateTask bad = new CreateTask(
                "t1",
                ShimFixture.RUNC,
                new TypedValue(TypedValue.SPEC, "no json".getBytes(StandardCharsets.UTF_8)),
                List.of(),
                TaskIo.NONE,
                null,
                "",
                "");
        assertThatThrownBy(() -> runtime.create(on.ctx, bad)).satisfies(is(ErrorKind.INVALID_ARGUMENT));
        on.assertNothingLeft("t1");
    }

    @Test
    void bundleLeftByAnEarlierFailureDoesNotBlockItsId() throws IOException {
        Files.createDirectories(on.bundle("t1").resolve("rootfs/etc"));
        Files.createDirectories(on.state.resolve(on.namespace).resolve(".t1/old"));
        Task task = create(runtime, Path.of("/usr/bin/containerd-shim-runc-v2"));
        task.start(on.ctx, "");
        task.await(on.ctx, "");
        runtime.delete(on.ctx, "t1");
        on.assertNothingLeft("t1");
    }

    @Test
    void idWhoseOldContainerStillLivesIsNotUsedAgain() throws IOException {
        Process old = new ProcessBuilder("sleep", "1000").start();
        try {
            Files.createDirectories(on.bundle("t1"));
            Files.writeString(on.bundle("t1").resolve("init.pid"), Long.toString(old.pid()));
            assertThatThrownBy(() -> runtime.create(on.ctx, on.request("t1", "true")))
                    .satisfies(is(ErrorKind.ALREADY_EXISTS));
            assertThat(on.bundle("t1").resolve("init.pid")).exists();
        } finally {
            old.destroyForcibly();
        }
    }

    private Task create(ShimTaskRuntime with, Path shim) {
        return with.create(
                on.ctx.withDeadline(dev.wharf.core.context.Context.Deadline.after(
                        Duration.ofSeconds(60), java.time.InstantSource.system())),
                on.request("t1", shim.toString(), "true", TaskIo.NONE));
    }
}
