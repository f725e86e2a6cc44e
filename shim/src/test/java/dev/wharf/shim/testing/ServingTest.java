package dev.wharf.shim.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.TaskGrpc;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A serving process, asked over its socket and killed. */
final class ServingTest {
    @TempDir
    Path root;

    private Machine machine;

    @BeforeEach
    void set() throws IOException {
        machine = new Machine(root);
    }

    @AfterEach
    void clean() throws IOException, InterruptedException {
        machine.close();
    }

    @Test
    void servesBothVersionsOfTheTaskServiceOnOneSocket() throws IOException {
        Path bundle = machine.bundle("one", "sh", "-c", "exit 7");
        Path socket = machine.started("one", bundle);
        var newer = machine.tasks(socket);
        create(newer, "one", bundle);
        var older = dev.wharf.api.runtime.task.v2.TaskGrpc.newBlockingStub(newer.getChannel());
        older.start(dev.wharf.api.runtime.task.v2.StartRequest.newBuilder()
                .setId("one")
                .build());

        assertThat(newer.wait(WaitRequest.newBuilder().setId("one").build()).getExitStatus())
                .isEqualTo(7);
        assertThat(older.delete(dev.wharf.api.runtime.task.v2.DeleteRequest.newBuilder()
                                .setId("one")
                                .build())
                        .getExitStatus())
                .isEqualTo(7);
    }

    @Test
    void errorsHaveTheirStatus() throws IOException {
        Path bundle = machine.bundle("one", "true");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);

        assertStatus(Status.Code.ALREADY_EXISTS, () -> create(tasks, "one", bundle));
        assertStatus(Status.Code.NOT_FOUND, () -> state(tasks, "two"));
        assertStatus(Status.Code.UNIMPLEMENTED, () -> tasks.pause(PauseRequest.getDefaultInstance()));
        assertStatus(Status.Code.UNKNOWN, () -> tasks.checkpoint(CheckpointTaskRequest.getDefaultInstance()));
        assertStatus(
                Status.Code.FAILED_PRECONDITION,
                () -> TaskGrpc.newBlockingStub(machine.channel(socket)).state(StateRequest.getDefaultInstance()));
        assertStatus(Status.Code.NOT_FOUND, () -> state(Machine.tasks(machine.channel(socket), "other"), "one"));
    }

    @Test
    void aWaitWhoseDeadlinePassesLeavesTheShimAsItWas() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");

        assertStatus(
                Status.Code.DEADLINE_EXCEEDED,
                () -> tasks.withDeadlineAfter(50, TimeUnit.MILLISECONDS)
                        .wait(WaitRequest.newBuilder().setId("one").build()));
        killAndDelete(tasks, "one");
    }

    @Test
    void shutdownEndsTheProcessOnlyWhenNothingIsLeft() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        int pid = Shims.pid(socket);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");

        Machine.shutdown(tasks);
        killAndDelete(tasks, "one");
        Machine.shutdown(tasks);
        Shims.awaitEnd(pid);

        try (var left = Files.list(machine.sockets())) {
            assertThat(left).isEmpty();
        }
        assertThat(machine.daemon().topics("one"))
                .containsExactly("/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete");
        assertThat(machine.daemon().received())
                .allMatch(event -> event.getNamespace().equals(Machine.NAMESPACE));
        assertThat(machine.daemon().received().getFirst().getEvent().getTypeUrl())
                .isEqualTo("containerd.events.TaskCreate");
    }

    @Test
    void whoNamesNoNamespaceLearnsWhichProcessServes() throws IOException {
        Path socket = machine.started("one", machine.bundle("one", "true"));

        var answer = TaskGrpc.newBlockingStub(machine.channel(socket))
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .connect(ConnectRequest.newBuilder().setId("one").build());

        assertThat(answer.getShimPid()).isEqualTo(Shims.pid(socket));
        assertThat(answer.getTaskPid()).isZero();
    }

    @Test
    void aRequestWithoutNamespaceIsForTheOnlyContainerOfThatId() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");
        var unnamed = TaskGrpc.newBlockingStub(machine.channel(socket)).withDeadlineAfter(10, TimeUnit.SECONDS);
        StateRequest request = StateRequest.newBuilder().setId("one").build();

        assertThat(unnamed.state(request).getPid()).isPositive();

        var others = Machine.tasks(machine.channel(socket), "other");
        create(others, "one", machine.bundle("other", "sleep", "600"));
        start(others, "one");
        assertThatThrownBy(() -> unnamed.state(request)).hasMessageContaining("namespace is required");
        killAndDelete(tasks, "one");
        killAndDelete(others, "one");
    }

    @Test
    void aStartBetweenShutdownAndEndKeepsTheProcess() throws IOException {
        Path socket = machine.started("one", machine.bundle("one", "true"));
        int pid = Shims.pid(socket);
        Path bundle = machine.bundle("two", "sleep", "600");

        assertThat(machine.started("two", bundle)).isEqualTo(socket);
        Machine.shutdown(machine.tasks(socket));
        var tasks = machine.tasks(socket);
        create(tasks, "two", bundle);
        start(tasks, "two");

        assertThat(tasks.connect(ConnectRequest.newBuilder().setId("two").build())
                        .getShimPid())
                .isEqualTo(pid);
        killAndDelete(tasks, "two");
    }

    @Test
    void aKilledShimIsStartedAgainAndTakesItsContainersBack() throws IOException {
        Path bundle = machine.bundle("one", "sh", "-c", "while ! [ -e stop ]; do sleep 0.02; done; exit 5");
        Files.write(
                bundle.resolve("command"),
                List.of("sh", "-c", "cd " + bundle + "; while ! [ -e stop ]; do sleep 0.02; done; exit 5"));
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");
        Shims.kill(Path.of(socket + ".shim"));

        assertThat(machine.started("two", machine.bundle("two", "true"))).isEqualTo(socket);
        var again = machine.tasks(socket);
        assertThat(state(again, "one")).isNotZero();
        Files.createFile(bundle.resolve("stop"));

        assertThat(again.wait(WaitRequest.newBuilder().setId("one").build()).getExitStatus())
                .isEqualTo(5);
        again.delete(DeleteRequest.newBuilder().setId("one").build());
    }

    @Test
    void aSignalEndsTheServerAndLeavesTheContainersToTheNext() throws IOException {
        Path bundle = machine.bundle("one", "sleep", "600");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");
        Shims.signal(Shims.pid(socket), 15);

        assertThat(socket).doesNotExist();
        assertThat(machine.started("two", machine.bundle("two", "true"))).isEqualTo(socket);
        killAndDelete(machine.tasks(socket), "one");
    }

    @Test
    void aUserSignalWritesTheThreads() throws IOException {
        Path socket = machine.started("one", machine.bundle("one", "true"));
        Path threads = Path.of(socket + ".d/threads");

        dev.wharf.lib.linux.Processes.kill(Shims.pid(socket), 10);

        until(() -> Files.exists(threads) && text(threads).contains("ttrpc-accept"));
    }

    @Test
    void eventsWaitForADaemonThatIsAway() throws IOException {
        Path bundle = machine.bundle("one", "true");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        until(() -> machine.daemon().received().size() == 1);
        machine.daemon().stop();

        start(tasks, "one");
        tasks.wait(WaitRequest.newBuilder().setId("one").build());
        tasks.delete(DeleteRequest.newBuilder().setId("one").build());
        machine.daemon().restart();

        until(() -> machine.daemon().received().size() == 4);
        assertThat(machine.daemon().topics("one"))
                .containsExactly("/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete");
    }

    @Test
    void aRefusedEventDoesNotHoldUpOthers() throws IOException {
        machine.daemon().refuse(event -> event.getTopic().equals("/tasks/start"));
        Path bundle = machine.bundle("one", "true");
        Path socket = machine.started("one", bundle);
        var tasks = machine.tasks(socket);
        create(tasks, "one", bundle);
        start(tasks, "one");
        create(tasks, "two", bundle);

        until(() -> machine.daemon().topics("two").contains("/tasks/create"));
        until(() -> machine.daemon().topics("one").contains("/tasks/exit"));
        assertThat(machine.daemon().topics("one")).doesNotContain("/tasks/start");
    }

    private static void create(TaskGrpc.TaskBlockingStub tasks, String id, Path bundle) {
        tasks.create(CreateTaskRequest.newBuilder()
                .setId(id)
                .setBundle(bundle.toString())
                .build());
    }

    private static void start(TaskGrpc.TaskBlockingStub tasks, String id) {
        tasks.start(StartRequest.newBuilder().setId(id).build());
    }

    private static int state(TaskGrpc.TaskBlockingStub tasks, String id) {
        return tasks.state(StateRequest.newBuilder().setId(id).build()).getPid();
    }

    private static void killAndDelete(TaskGrpc.TaskBlockingStub tasks, String id) {
        tasks.kill(KillRequest.newBuilder().setId(id).setSignal(9).build());
        assertThat(tasks.wait(WaitRequest.newBuilder().setId(id).build()).getExitStatus())
                .isEqualTo(137);
        tasks.delete(DeleteRequest.newBuilder().setId(id).build());
    }

    /** Something that answers or fails. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static void assertStatus(Status.Code code, Attempt attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private static void until(BooleanSupplier holds) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still not so").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
