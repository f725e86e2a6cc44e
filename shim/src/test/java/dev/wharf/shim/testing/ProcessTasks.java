package dev.wharf.shim.testing;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.wharf.api.events.TaskCreate;
import dev.wharf.api.events.TaskDelete;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.events.TaskStart;
import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.ConnectRequest;
import dev.wharf.api.runtime.task.v3.ConnectResponse;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.CreateTaskResponse;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.PidsResponse;
import dev.wharf.api.runtime.task.v3.ResizePtyRequest;
import dev.wharf.api.runtime.task.v3.ResumeRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StartResponse;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.StateResponse;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.runtime.task.v3.StatsResponse;
import dev.wharf.api.runtime.task.v3.UpdateTaskRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.api.runtime.task.v3.WaitResponse;
import dev.wharf.api.types.task.ProcessInfo;
import dev.wharf.api.types.task.Status;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.ExitStatus;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Spawn;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.TaskService;
import dev.wharf.shim.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tasks of {@link ProcessRuntime}. Each has a file in the group's directory: bundle and pid. */
final class ProcessTasks implements TaskService {
    private final ShimContext context;
    private final Path directory;
    private final Map<Key, Task> tasks = new ConcurrentHashMap<>();

    private record Key(String namespace, String id) {}

    private static final class Task {
        private final Path bundle;
        private final CountDownLatch exited = new CountDownLatch(1);
        private volatile int pid;
        private volatile int status;
        private volatile Instant exitedAt = Instant.EPOCH;
        private volatile @Nullable Pidfd pidfd;

        Task(Path bundle) {
            this.bundle = bundle;
        }

        boolean hasExited() {
            return exited.getCount() == 0;
        }
    }

    ProcessTasks(ShimContext context) {
        this.context = context;
        directory = context.stateDirectory().resolve("tasks");
        try {
            Files.createDirectories(directory);
            takeBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeBack() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String[] name = file.getFileName().toString().split("@");
                List<String> lines = Files.readAllLines(file);
                Task task = new Task(Path.of(lines.get(0)));
                Key key = new Key(name[0], name[1]);
                tasks.put(key, task);
                if (lines.size() > 1) {
                    watch(key, task, Pidfd.open(Integer.parseInt(lines.get(1))));
                }
            }
        }
    }

    private void save(Key key, Task task) {
        try {
            Files.writeString(
                    directory.resolve(key.namespace() + "@" + key.id()),
                    task.bundle + "\n" + (task.pid == 0 ? "" : task.pid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch(Key key, Task task, Pidfd pidfd) {
        task.pid = pidfd.pid();
        task.pidfd = pidfd;
        Thread.ofPlatform().daemon().start(() -> {
            while (!pidfd.awaitEnd(Duration.ofMinutes(1))) {
                Thread.onSpinWait();
            }
            task.status = switch (exit(pidfd)) {
                case ExitStatus.Exited(int code) -> code;
                case ExitStatus.Killed killed -> 128 + killed.signal();
            };
            task.exitedAt = context.clock().instant();
            publish(
                    key,
                    Topics.EXIT,
                    TaskExit.newBuilder()
                            .setContainerId(key.id())
                            .setId(key.id())
                            .setPid(task.pid)
                            .setExitStatus(task.status)
                            .build());
            task.exited.countDown();
        });
    }

    private static ExitStatus exit(Pidfd pidfd) {
        try {
            return pidfd.reap().orElseThrow();
        } catch (ErrnoException notOurs) {
            while (true) {
                var info = pidfd.exitInfo();
                if (info.isPresent()) {
                    return info.get();
                }
                Thread.onSpinWait();
            }
        }
    }

    private void publish(Key key, String topic, Message message) {
        context.publish(new ShimEvent(key.namespace(), key.id(), topic, message));
    }

    private Task task(Call call, String id) {
        Task task = tasks.get(new Key(call.namespace(), id));
        if (task == null) {
            throw ShimException.notFound("container " + id);
        }
        return task;
    }

    @Override
    public CreateTaskResponse create(Call call, CreateTaskRequest request) {
        Key key = new Key(call.namespace(), request.getId());
        Task task = new Task(Path.of(request.getBundle()));
        if (tasks.putIfAbsent(key, task) != null) {
            throw ShimException.alreadyExists("container " + request.getId());
        }
        save(key, task);
        publish(
                key,
                Topics.CREATE,
                TaskCreate.newBuilder().setContainerId(key.id()).build());
        return CreateTaskResponse.getDefaultInstance();
    }

    @Override
    public StartResponse start(Call call, StartRequest request) {
        Key key = new Key(call.namespace(), request.getId());
        Task task = task(call, request.getId());
        try {
            List<String> command = Files.readAllLines(task.bundle.resolve("command"));
            Pidfd pidfd = Spawn.command(command).newSession().start().pidfd();
            task.pid = pidfd.pid();
            save(key, task);
            Files.writeString(task.bundle.resolve("init.pid"), Integer.toString(task.pid));
            publish(
                    key,
                    Topics.START,
                    TaskStart.newBuilder()
                            .setContainerId(key.id())
                            .setPid(task.pid)
                            .build());
            watch(key, task, pidfd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return StartResponse.newBuilder().setPid(task.pid).build();
    }

    @Override
    public StateResponse state(Call call, StateRequest request) {
        Task task = task(call, request.getId());
        Status status = task.pid == 0 ? Status.CREATED : task.hasExited() ? Status.STOPPED : Status.RUNNING;
        return StateResponse.newBuilder()
                .setId(request.getId())
                .setBundle(task.bundle.toString())
                .setPid(task.pid)
                .setStatus(status)
                .build();
    }

    @Override
    public DeleteResponse delete(Call call, DeleteRequest request) {
        Key key = new Key(call.namespace(), request.getId());
        Task task = task(call, request.getId());
        if (task.pid != 0 && !task.hasExited()) {
            throw ShimException.failedPrecondition("container " + request.getId() + " still runs");
        }
        tasks.remove(key);
        try {
            Files.deleteIfExists(directory.resolve(key.namespace() + "@" + key.id()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        publish(
                key,
                Topics.DELETE,
                TaskDelete.newBuilder().setContainerId(key.id()).build());
        return DeleteResponse.newBuilder()
                .setPid(task.pid)
                .setExitStatus(task.status)
                .setExitedAt(time(task.exitedAt))
                .build();
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    @Override
    public void kill(Call call, KillRequest request) {
        Task task = task(call, request.getId());
        Pidfd pidfd = task.pidfd;
        if (pidfd == null || task.hasExited()) {
            throw ShimException.notFound("process of " + request.getId());
        }
        pidfd.sendSignal(request.getSignal());
    }

    @Override
    public WaitResponse wait(Call call, WaitRequest request) throws InterruptedException {
        Task task = task(call, request.getId());
        task.exited.await();
        return WaitResponse.newBuilder()
                .setExitStatus(task.status)
                .setExitedAt(time(task.exitedAt))
                .build();
    }

    @Override
    public PidsResponse pids(Call call, PidsRequest request) {
        return PidsResponse.newBuilder()
                .addProcesses(ProcessInfo.newBuilder().setPid(task(call, request.getId()).pid))
                .build();
    }

    @Override
    public Stream<String> namespacesOf(String id) {
        return tasks.keySet().stream().filter(key -> key.id().equals(id)).map(Key::namespace);
    }

    @Override
    public ConnectResponse connect(Call call, ConnectRequest request) {
        Task task = tasks.get(new Key(call.namespace(), request.getId()));
        return ConnectResponse.newBuilder()
                .setTaskPid(task == null ? 0 : task.pid)
                .build();
    }

    @Override
    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    private static ShimException missing(String what) {
        return ShimException.unimplemented(what + " of a plain process");
    }

    @Override
    public void pause(Call call, PauseRequest request) {
        throw missing("pause");
    }

    @Override
    public void resume(Call call, ResumeRequest request) {
        throw missing("resume");
    }

    @Override
    public void checkpoint(Call call, CheckpointTaskRequest request) {
        throw new IllegalStateException("a fault of the runtime");
    }

    @Override
    public void exec(Call call, ExecProcessRequest request) {
        throw missing("exec");
    }

    @Override
    public void resizePty(Call call, ResizePtyRequest request) {
        throw missing("resize");
    }

    @Override
    public void closeIo(Call call, CloseIORequest request) {}

    @Override
    public void update(Call call, UpdateTaskRequest request) {
        throw missing("update");
    }

    @Override
    public StatsResponse stats(Call call, StatsRequest request) {
        throw missing("stats");
    }
}
