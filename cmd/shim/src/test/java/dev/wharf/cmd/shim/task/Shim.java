package dev.wharf.cmd.shim.task;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.api.types.task.Status;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.shim.Call;
import dev.wharf.shim.TaskService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A task service over real engines, and its calls in short. */
final class Shim {
    static final Call CALL = Call.in("shim-test");

    /** The engine; another program than runc by {@code -Dwharf.test.engine=PATH}. */
    static final String ENGINE = System.getProperty("wharf.test.engine", "");

    private final Path work;
    private final RecordingContext context;
    private final TaskService tasks;
    private final Options options;

    private Shim(Path work, Options options) {
        this.work = work;
        this.options = options;
        this.context = new RecordingContext(work.resolve("state"));
        this.tasks = new WharfRuntime().serve(context);
    }

    /** One whose state and engine's state are below a directory. */
    static Shim start(Path work) throws Exception {
        return start(work, Options.newBuilder().setBinaryName(ENGINE).build());
    }

    static Shim start(Path work, Options options) throws Exception {
        Files.createDirectories(work.resolve("state"));
        return new Shim(
                work,
                options.toBuilder().setRoot(work.resolve("engine").toString()).build());
    }

    /** Ends and removes what a test left. */
    void clear() throws Exception {
        Path bundles = work.resolve("state/bundles");
        try (java.util.stream.Stream<Path> links = Files.list(bundles)) {
            for (Path link : links.toList()) {
                String name = link.getFileName().toString();
                clear(name.substring(name.indexOf(',') + 1));
            }
        }
        ((RuncTasks) tasks).close();
    }

    private void clear(String id) throws Exception {
        if (status(id) != Status.STOPPED) {
            kill(id, 9);
            wait(id);
        }
        delete(id);
    }

    TaskService tasks() {
        return tasks;
    }

    RecordingContext context() {
        return context;
    }

    /** A fifo with a reader that already reads. */
    Output output(String name) throws Exception {
        return Output.start(work.resolve(name));
    }

    static Any options(Options options) {
        return Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.Options")
                .setValue(options.toByteString())
                .build();
    }

    CreateTaskRequest.Builder request(String id, TestBundle bundle) {
        return CreateTaskRequest.newBuilder()
                .setId(id)
                .setBundle(bundle.directory().toString())
                .setOptions(options(options));
    }

    int start(String id) {
        return tasks.start(CALL, StartRequest.newBuilder().setId(id).build()).getPid();
    }

    int startExec(String id, String exec) {
        return tasks.start(
                        CALL,
                        StartRequest.newBuilder().setId(id).setExecId(exec).build())
                .getPid();
    }

    int wait(String id) throws InterruptedException {
        return wait(id, "");
    }

    int wait(String id, String exec) throws InterruptedException {
        return tasks.wait(
                        CALL, WaitRequest.newBuilder().setId(id).setExecId(exec).build())
                .getExitStatus();
    }

    DeleteResponse delete(String id) {
        return tasks.delete(CALL, DeleteRequest.newBuilder().setId(id).build());
    }

    DeleteResponse deleteExec(String id, String exec) {
        return tasks.delete(
                CALL, DeleteRequest.newBuilder().setId(id).setExecId(exec).build());
    }

    void kill(String id, int signal) {
        tasks.kill(CALL, KillRequest.newBuilder().setId(id).setSignal(signal).build());
    }

    Status status(String id) {
        return tasks.state(CALL, StateRequest.newBuilder().setId(id).build()).getStatus();
    }

    void exec(String id, String exec, Path stdout, String... arguments) {
        tasks.exec(
                CALL,
                execRequest(id, exec, arguments).setStdout(stdout.toString()).build());
    }

    static ExecProcessRequest.Builder execRequest(String id, String exec, String... arguments) {
        return ExecProcessRequest.newBuilder()
                .setId(id)
                .setExecId(exec)
                .setSpec(Any.newBuilder()
                        .setTypeUrl("types.containerd.io/opencontainers/runtime-spec/1/Process")
                        .setValue(ByteString.copyFrom(TestBundle.process(arguments))));
    }

    /** What comes out of a fifo until its end. */
    record Output(Path path, FutureTask<byte[]> content) {
        static Output start(Path path) throws Exception {
            Fifo.create(path, 0700);
            FutureTask<byte[]> content = new FutureTask<>((Callable<byte[]>) () -> Files.readAllBytes(path));
            Thread.ofPlatform().daemon().start(content);
            return new Output(path, content);
        }

        byte[] bytes() throws Exception {
            return content.get(30, java.util.concurrent.TimeUnit.SECONDS);
        }

        String text() throws Exception {
            return new String(bytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    /** Waits for something that happens in other threads or processes. */
    static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to be within 30 s");
            }
            Thread.sleep(10);
        }
    }

    static void close(Fd... fds) {
        for (Fd fd : fds) {
            Objects.requireNonNull(fd).close();
        }
    }
}
