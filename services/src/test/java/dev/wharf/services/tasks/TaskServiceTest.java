package dev.wharf.services.tasks;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.runc.v1.CheckpointOptions;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.services.tasks.v1.CheckpointTaskRequest;
import dev.wharf.api.services.tasks.v1.CloseIORequest;
import dev.wharf.api.services.tasks.v1.CreateTaskRequest;
import dev.wharf.api.services.tasks.v1.DeleteProcessRequest;
import dev.wharf.api.services.tasks.v1.DeleteResponse;
import dev.wharf.api.services.tasks.v1.DeleteTaskRequest;
import dev.wharf.api.services.tasks.v1.ExecProcessRequest;
import dev.wharf.api.services.tasks.v1.GetRequest;
import dev.wharf.api.services.tasks.v1.KillRequest;
import dev.wharf.api.services.tasks.v1.ListPidsRequest;
import dev.wharf.api.services.tasks.v1.ListTasksRequest;
import dev.wharf.api.services.tasks.v1.MetricsRequest;
import dev.wharf.api.services.tasks.v1.PauseTaskRequest;
import dev.wharf.api.services.tasks.v1.ResizePtyRequest;
import dev.wharf.api.services.tasks.v1.ResumeTaskRequest;
import dev.wharf.api.services.tasks.v1.StartRequest;
import dev.wharf.api.services.tasks.v1.TasksGrpc;
import dev.wharf.api.services.tasks.v1.TasksGrpc.TasksBlockingStub;
import dev.wharf.api.services.tasks.v1.UpdateTaskRequest;
import dev.wharf.api.services.tasks.v1.WaitRequest;
import dev.wharf.api.services.tasks.v1.WaitResponse;
import dev.wharf.api.types.Descriptor;
import dev.wharf.api.types.Metric;
import dev.wharf.api.types.Mount;
import dev.wharf.api.types.task.Process;
import dev.wharf.core.containers.Container;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.services.testing.FakeTask;
import dev.wharf.services.testing.TestServer;
import dev.wharf.wire.Times;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskServiceTest {
    private TestServer server;
    private TasksBlockingStub tasks;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        tasks = server.stub(TasksGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final TypedValue SPEC = new TypedValue(TypedValue.SPEC, new byte[] {'{', '}'});
    private static final TypedValue RUNTIME_OPTIONS = new TypedValue("containerd.runc.v1.Options", new byte[0]);
    private static final String CHECKPOINT = "application/vnd.containerd.container.criu.checkpoint.criu.tar";

    private void container(String id) {
        server.containers.create(
                TestServer.CTX,
                new Container(
                        id,
                        Map.of(),
                        "",
                        new Container.Runtime("io.containerd.runc.v2", RUNTIME_OPTIONS),
                        SPEC,
                        "",
                        "",
                        "pod",
                        Map.of(),
                        Instant.EPOCH,
                        Instant.EPOCH));
    }

    private FakeTask task(String id) {
        container(id);
        FakeTask task = new FakeTask(TestServer.NAMESPACE, id, 100 + server.runtime.tasks.size());
        server.runtime.tasks.put(TestServer.NAMESPACE + "/" + id, task);
        return task;
    }

    private CreateTask created() {
        return server.runtime.created.getLast();
    }

    private static Any options(Options.Builder options) {
        return Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .setValue(options.build().toByteString())
                .build();
    }

    @Test
    void createTakesSpecRuntimeAndSandboxFromTheContainer() {
        container("c");

        var response = tasks.create(CreateTaskRequest.newBuilder()
                .setContainerId("c")
                .addRootfs(Mount.newBuilder().setType("bind").setSource("/s").setTarget("/t"))
                .setStdin("/0")
                .setStdout("/1")
                .setStderr("/2")
                .setTerminal(true)
                .build());

        assertThat(response.getContainerId()).isEqualTo("c");
        assertThat(response.getPid()).isEqualTo(100);
        assertThat(created())
                .isEqualTo(new CreateTask(
                        "c",
                        "io.containerd.runc.v2",
                        SPEC,
                        List.of(new dev.wharf.core.mount.Mount("bind", "/s", "/t", List.of())),
                        new TaskIo("/0", "/1", "/2", true),
                        RUNTIME_OPTIONS,
                        "",
                        "pod"));
    }

    @Test
    void createPrefersOptionsAndRuntimeOfTheRequest() {
        container("c");

        tasks.create(CreateTaskRequest.newBuilder()
                .setContainerId("c")
                .setRuntimePath("/opt/shim")
                .setOptions(options(Options.newBuilder().setCriuImagePath("/criu")))
                .build());

        assertThat(created().runtime()).isEqualTo("/opt/shim");
        assertThat(Objects.requireNonNull(created().options()).value()).isNotEmpty();
        assertThat(created().checkpoint()).isEqualTo("/criu");
    }

    @Test
    void optionsOfOtherRuntimesArePassedOn() {
        container("c");

        tasks.create(CreateTaskRequest.newBuilder()
                .setContainerId("c")
                .setOptions(Any.newBuilder().setTypeUrl("runtimeoptions.v1.Options"))
                .build());

        assertThat(Objects.requireNonNull(created().options()).typeUrl()).isEqualTo("runtimeoptions.v1.Options");
    }

    @Test
    void createIsRefusedWithoutContainerAndWithATask() {
        refused(
                Status.Code.NOT_FOUND,
                "container \"c\" in namespace \"test\": not found",
                () -> tasks.create(
                        CreateTaskRequest.newBuilder().setContainerId("c").build()));
        task("d");
        refused(
                Status.Code.ALREADY_EXISTS,
                "task d: already exists",
                () -> tasks.create(
                        CreateTaskRequest.newBuilder().setContainerId("d").build()));
    }

    @Test
    void createInASandboxOfAnAddressIsNotImplemented() {
        container("c");

        refused(
                Status.Code.UNIMPLEMENTED,
                "(task_api_address): not implemented",
                () -> tasks.create(CreateTaskRequest.newBuilder()
                        .setContainerId("c")
                        .setTaskApiAddress("ttrpc+unix:///x")
                        .build()));
    }

    private static CreateTaskRequest restore(Descriptor.Builder checkpoint) {
        return CreateTaskRequest.newBuilder()
                .setContainerId("c")
                .setCheckpoint(checkpoint.setDigest("sha256:" + "c".repeat(64)).setSize(1))
                .build();
    }

    @Test
    void restoreMayNameADirectory() {
        container("c");

        tasks.create(restore(Descriptor.newBuilder().putAnnotations("RestoreFromPath", "/from")));

        assertThat(created().checkpoint()).isEqualTo("/from");
    }

    @Test
    void restoredImageIsUnpackedAndStaysUntilTheStart() {
        container("c");

        tasks.create(restore(Descriptor.newBuilder().setMediaType(CHECKPOINT)));

        Path directory = Path.of(created().checkpoint());
        assertThat(directory).isDirectory();
        assertThat(server.applied.getFirst())
                .startsWith("application/vnd.oci.image.layer.v1.tar sha256:cccc")
                .contains("source=" + directory);

        tasks.start(StartRequest.newBuilder().setContainerId("c").build());
        assertThat(directory).doesNotExist();
    }

    @Test
    void unpackedImageGoesWhenTheCreateFails() {
        container("c");
        server.runtime.createFails = ErrorKind.UNAVAILABLE.of("shim");

        refused(
                Status.Code.UNAVAILABLE,
                "shim: unavailable",
                () -> tasks.create(restore(Descriptor.newBuilder().setMediaType(CHECKPOINT))));

        assertThat(Path.of(created().checkpoint())).doesNotExist();
    }

    @Test
    void restoreOfAnotherTypeIsRefused() {
        container("c");

        refused(
                Status.Code.INVALID_ARGUMENT,
                "unsupported checkpoint type \"x\": invalid argument",
                () -> tasks.create(restore(Descriptor.newBuilder().setMediaType("x"))));
    }

    @Test
    void startAnswersThePid() {
        task("c");

        assertThat(tasks.start(StartRequest.newBuilder().setContainerId("c").build())
                        .getPid())
                .isEqualTo(100);
        assertThat(tasks.start(StartRequest.newBuilder()
                                .setContainerId("c")
                                .setExecId("e")
                                .build())
                        .getPid())
                .isEqualTo(1100);
    }

    @Test
    void containerWithoutTaskIsNotFound() {
        container("c");

        refused(
                Status.Code.NOT_FOUND,
                "task c not found",
                () -> tasks.start(StartRequest.newBuilder().setContainerId("c").build()));
        refused(
                Status.Code.NOT_FOUND,
                "task c not found",
                () -> tasks.delete(
                        DeleteTaskRequest.newBuilder().setContainerId("c").build()));
    }

    @Test
    void deleteTellsHowItEnded() {
        task("c");

        DeleteResponse response =
                tasks.delete(DeleteTaskRequest.newBuilder().setContainerId("c").build());

        assertThat(response.getId()).isEmpty();
        assertThat(response.getPid()).isEqualTo(100);
        assertThat(response.getExitStatus()).isEqualTo(137);
        assertThat(Times.fromProto(response.getExitedAt())).isEqualTo(FakeTask.EXITED);
        assertThat(server.runtime.tasks).isEmpty();
    }

    @Test
    void deletedProcessTellsHowItEnded() {
        task("c");

        DeleteResponse response = tasks.deleteProcess(DeleteProcessRequest.newBuilder()
                .setContainerId("c")
                .setExecId("e")
                .build());

        assertThat(response.getId()).isEqualTo("e");
        assertThat(response.getExitStatus()).isEqualTo(3);
    }

    private Process get(String id, String execId) {
        return tasks.get(GetRequest.newBuilder()
                        .setContainerId(id)
                        .setExecId(execId)
                        .build())
                .getProcess();
    }

    @Test
    void getTellsTheStateOfAProcess() {
        task("c");

        Process process = get("c", "");
        assertThat(process.getId()).isEqualTo("c");
        assertThat(process.getPid()).isEqualTo(100);
        assertThat(process.getStatus()).isEqualTo(dev.wharf.api.types.task.Status.RUNNING);
        assertThat(process.getStdin()).isEqualTo("/in");
        assertThat(process.getStdout()).isEqualTo("/out");
        assertThat(process.getStderr()).isEqualTo("/err");
        assertThat(process.getTerminal()).isTrue();
        // Go's zero time: the year 1.
        assertThat(process.getExitedAt().getSeconds()).isEqualTo(-62_135_596_800L);

        assertThat(get("c", "e").getId()).isEqualTo("e");
        refused(Status.Code.NOT_FOUND, "process none: not found", () -> get("c", "none"));
    }

    @Test
    void everyStatusHasItsName() {
        FakeTask task = task("c");
        for (dev.wharf.core.runtime.Status status : dev.wharf.core.runtime.Status.values()) {
            task.status = status;
            assertThat(get("c", "").getStatus().name()).isEqualTo(status.name());
        }
    }

    @Test
    void stateThatCannotBeToldIsUnknown() {
        task("c").fails = ErrorKind.INTERNAL.of("nonsense");

        assertThat(get("c", "").getStatus()).isEqualTo(dev.wharf.api.types.task.Status.UNKNOWN);
    }

    @Test
    void listLeavesOutTasksThatWentOrDoNotAnswer() {
        task("a");
        task("b").fails = ErrorKind.NOT_FOUND.of("b");
        task("c").fails = ErrorKind.UNAVAILABLE.of("c");
        task("d").fails = ErrorKind.INTERNAL.of("d");
        task("e");
        task("f").fails = new IllegalStateException("f");

        var found = tasks.list(ListTasksRequest.getDefaultInstance()).getTasksList();

        assertThat(found).extracting(Process::getId).containsExactly("a", "d", "e");
    }

    @Test
    void listWaitsForTasksThatHangTogether() {
        for (int i = 0; i < 20; i++) {
            task("hangs" + i).hangs = true;
        }
        task("lives");

        // One after another they would take 40 seconds.
        var found = tasks.withDeadlineAfter(30, TimeUnit.SECONDS)
                .list(ListTasksRequest.getDefaultInstance())
                .getTasksList();

        assertThat(found).extracting(Process::getId).containsExactly("lives");
    }

    @Test
    void orderedCallsReachTheTask() {
        FakeTask task = task("c");

        tasks.kill(KillRequest.newBuilder()
                .setContainerId("c")
                .setExecId("e")
                .setSignal(9)
                .setAll(true)
                .build());
        tasks.exec(ExecProcessRequest.newBuilder()
                .setContainerId("c")
                .setExecId("e")
                .setStdin("/0")
                .setStdout("/1")
                .setStderr("/2")
                .setTerminal(true)
                .setSpec(Any.newBuilder().setTypeUrl(TypedValue.PROCESS))
                .build());
        tasks.resizePty(ResizePtyRequest.newBuilder()
                .setContainerId("c")
                .setExecId("e")
                .setWidth(80)
                .setHeight(24)
                .build());
        tasks.closeIO(CloseIORequest.newBuilder().setContainerId("c").build());
        tasks.closeIO(CloseIORequest.newBuilder()
                .setContainerId("c")
                .setExecId("e")
                .setStdin(true)
                .build());
        tasks.pause(PauseTaskRequest.newBuilder().setContainerId("c").build());
        tasks.resume(ResumeTaskRequest.newBuilder().setContainerId("c").build());
        tasks.update(UpdateTaskRequest.newBuilder()
                .setContainerId("c")
                .setResources(Any.newBuilder().setTypeUrl("r"))
                .putAnnotations("a", "b")
                .build());

        assertThat(task.calls)
                .containsExactly(
                        "kill e 9 true",
                        "exec e " + TypedValue.PROCESS + " TaskIo[stdin=/0, stdout=/1, stderr=/2, terminal=true]",
                        "resizePty e 80x24",
                        "closeStdin e",
                        "pause",
                        "resume",
                        "update r {a=b}");
    }

    @Test
    void execNeedsAnId() {
        task("c");

        refused(
                Status.Code.INVALID_ARGUMENT,
                "exec id cannot be empty",
                () -> tasks.exec(
                        ExecProcessRequest.newBuilder().setContainerId("c").build()));
    }

    @Test
    void failureOfTheTaskIsPassedOn() {
        task("c").fails = ErrorKind.NOT_FOUND.of("process already finished");

        refused(
                Status.Code.NOT_FOUND,
                "process already finished: not found",
                () -> tasks.kill(KillRequest.newBuilder().setContainerId("c").build()));
    }

    @Test
    void pidsComeWithWhatIsKnownOfThem() {
        task("c");

        var processes = tasks.listPids(
                        ListPidsRequest.newBuilder().setContainerId("c").build())
                .getProcessesList();

        assertThat(processes).hasSize(2);
        assertThat(processes.getFirst().hasInfo()).isFalse();
        assertThat(processes.getLast().getInfo().getTypeUrl()).isEqualTo("t");
    }

    private List<String> metricsOf(String... filters) {
        return tasks
                .metrics(MetricsRequest.newBuilder()
                        .addAllFilters(List.of(filters))
                        .build())
                .getMetricsList()
                .stream()
                .map(Metric::getId)
                .toList();
    }

    @Test
    void metricsKeepToTheFilters() {
        task("a");
        task("b").fails = ErrorKind.INTERNAL.of("stats");
        task("c");

        assertThat(metricsOf()).containsExactly("a", "c");
        assertThat(metricsOf("id==c")).containsExactly("c");
        assertThat(metricsOf("namespace==test")).containsExactly("a", "c");
        assertThat(metricsOf("runtime==x")).isEmpty();
        refused(Status.Code.INVALID_ARGUMENT, "invalid argument", () -> metricsOf("id=c"));
    }

    @Test
    void metricsHaveTimeAndBytesOfTheRuntime() {
        task("a");

        Metric metric = tasks.metrics(MetricsRequest.getDefaultInstance()).getMetrics(0);

        assertThat(metric.getTimestamp().getSeconds()).isPositive();
        assertThat(metric.getData().getTypeUrl()).isEqualTo("io.containerd.cgroups.v2.Metrics");
        assertThat(metric.getData().getValue()).isEqualTo(ByteString.copyFrom(new byte[] {8, 1}));
    }

    @Test
    void waitAnswersAtTheEnd() {
        FakeTask task = task("c");
        task.ended.countDown();

        WaitResponse response =
                tasks.wait(WaitRequest.newBuilder().setContainerId("c").build());

        assertThat(response.getExitStatus()).isEqualTo(9);
        assertThat(Times.fromProto(response.getExitedAt())).isEqualTo(FakeTask.EXITED);
    }

    @Test
    void clientThatGoesEndsItsWait() throws Exception {
        FakeTask task = task("c");
        var cancellable = io.grpc.Context.current().withCancellation();
        CountDownLatch over = new CountDownLatch(1);
        Thread.ofVirtual().start(cancellable.wrap(() -> {
            try {
                tasks.wait(WaitRequest.newBuilder().setContainerId("c").build());
            } catch (io.grpc.StatusRuntimeException expected) {
                over.countDown();
            }
        }));
        while (task.calls.isEmpty()) {
            Thread.sleep(5);
        }

        cancellable.cancel(null);

        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(task.ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void checkpointMayBeLeftInADirectory(@TempDir Path directory) {
        FakeTask task = task("c");

        var response = tasks.checkpoint(CheckpointTaskRequest.newBuilder()
                .setContainerId("c")
                .setOptions(Any.newBuilder()
                        .setTypeUrl("containerd.runc.v1.CheckpointOptions")
                        .setValue(CheckpointOptions.newBuilder()
                                .setImagePath(directory.toString())
                                .build()
                                .toByteString()))
                .build());

        assertThat(response.getDescriptorsList()).isEmpty();
        assertThat(task.calls).containsExactly("checkpoint " + directory);
    }

    @Test
    void checkpointBecomesBlobs() throws Exception {
        FakeTask task = task("c");

        var written = tasks.checkpoint(
                        CheckpointTaskRequest.newBuilder().setContainerId("c").build())
                .getDescriptorsList();

        assertThat(written)
                .extracting(Descriptor::getMediaType)
                .containsExactly(CHECKPOINT, "application/vnd.containerd.container.checkpoint.config.v1+proto");
        assertThat(Any.parseFrom(blob(written.getLast())).getTypeUrl()).isEqualTo(TypedValue.SPEC);
        assertThat(listing(blob(written.getFirst()))).contains("core.img", "sub/", "sub/empty");
        assertThat(server.content.openWriters).hasValue(0);
        assertThat(Path.of(task.calls.getFirst().substring("checkpoint ".length())))
                .doesNotExist();
    }

    private byte[] blob(Descriptor descriptor) {
        byte[] bytes = Objects.requireNonNull(server.content.blobs.get("test/" + Digest.parse(descriptor.getDigest())));
        assertThat(descriptor.getSize()).isEqualTo(bytes.length);
        return bytes;
    }

    /** What tar(1) finds in an archive; it also reads the contents, and complains of what is not one. */
    private List<String> listing(byte[] archive) throws Exception {
        Path file = server.directory.resolve("archive.tar");
        Files.copy(new ByteArrayInputStream(archive), file);
        java.lang.Process tar = new ProcessBuilder("tar", "-tf", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
