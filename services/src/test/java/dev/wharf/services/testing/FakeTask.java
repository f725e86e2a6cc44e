package dev.wharf.services.testing;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.Exit;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A task that writes down what it is asked. */
public final class FakeTask implements Task {
    public static final Instant EXITED = Instant.ofEpochSecond(1_700_000_200, 7);
    public static final TaskIo IO = new TaskIo("/in", "/out", "/err", true);

    public final List<String> calls = new CopyOnWriteArrayList<>();
    public final CountDownLatch ended = new CountDownLatch(1);
    public volatile @Nullable RuntimeException fails;
    public volatile Status status = Status.RUNNING;
    public volatile boolean hangs;

    private final String namespace;
    private final String id;
    private final int pid;

    public FakeTask(String namespace, String id, int pid) {
        this.namespace = namespace;
        this.id = id;
        this.pid = pid;
    }

    private void call(String what) {
        calls.add(what);
        RuntimeException failure = fails;
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public ProcessState state(Context ctx, String execId) {
        call("state " + execId);
        if (hangs) {
            hang(ctx);
        }
        if (execId.equals("none")) {
            throw ErrorKind.NOT_FOUND.of("process none");
        }
        return new ProcessState(id, execId, pid, status, IO, 0, Instant.EPOCH);
    }

    /** Does not answer until the deadline has passed, as a runtime that is stuck. */
    private static void hang(Context ctx) {
        try {
            while (true) {
                Duration left = ctx.remaining(Duration.ofMinutes(1));
                TimeUnit.NANOSECONDS.sleep(Math.min(left.toNanos(), 20_000_000));
            }
        } catch (InterruptedException e) {
            throw ErrorKind.CANCELLED.of("state", e);
        }
    }

    @Override
    public int start(Context ctx, String execId) {
        call("start " + execId);
        return execId.isEmpty() ? pid : pid + 1000;
    }

    @Override
    public void exec(Context ctx, String execId, TypedValue process, TaskIo io) {
        call("exec " + execId + " " + process.typeUrl() + " " + io);
    }

    @Override
    public Exit deleteProcess(Context ctx, String execId) {
        call("deleteProcess " + execId);
        return new Exit(pid + 1000, 3, EXITED);
    }

    @Override
    public void kill(Context ctx, String execId, int signal, boolean all) {
        call("kill " + execId + " " + signal + " " + all);
    }

    @Override
    public Exit await(Context ctx, String execId) {
        call("await " + execId);
        // The real one calls a shim, and that call ends with the request's context.
        io.grpc.Context.current().addListener(_ -> ended.countDown(), Runnable::run);
        try {
            ended.await();
        } catch (InterruptedException e) {
            throw ErrorKind.CANCELLED.of("await", e);
        }
        if (io.grpc.Context.current().isCancelled()) {
            throw ErrorKind.CANCELLED.of("await");
        }
        return new Exit(pid, 9, EXITED);
    }

    @Override
    public void resizePty(Context ctx, String execId, int width, int height) {
        call("resizePty " + execId + " " + width + "x" + height);
    }

    @Override
    public void closeStdin(Context ctx, String execId) {
        call("closeStdin " + execId);
    }

    @Override
    public void pause(Context ctx) {
        call("pause");
    }

    @Override
    public void resume(Context ctx) {
        call("resume");
    }

    @Override
    public List<ProcessInfo> pids(Context ctx) {
        call("pids");
        return List.of(new ProcessInfo(pid, null), new ProcessInfo(pid + 1000, new TypedValue("t", new byte[] {1})));
    }

    @Override
    public void checkpoint(Context ctx, String directory, @Nullable TypedValue options) {
        call("checkpoint " + directory);
        try {
            Files.writeString(Path.of(directory, "core.img"), "memory of " + id);
            Files.createDirectory(Path.of(directory, "sub"));
            Files.writeString(Path.of(directory, "sub", "empty"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void update(Context ctx, TypedValue resources, Map<String, String> annotations) {
        call("update " + resources.typeUrl() + " " + annotations);
    }

    @Override
    public TypedValue stats(Context ctx) {
        call("stats");
        if (hangs) {
            hang(ctx);
        }
        return new TypedValue("io.containerd.cgroups.v2.Metrics", new byte[] {8, 1});
    }
}
