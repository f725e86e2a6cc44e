package dev.wharf.bench;

import dev.wharf.client.WharfClient;
import dev.wharf.client.run.SpecBuilder;
import dev.wharf.client.run.UserIds;
import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes and ends containers through the API step by step, as clients do. */
final class Sleepers {
    private static final String RUNTIME = "io.containerd.runc.v2";
    private static final String SNAPSHOTTER = "overlayfs";
    private static final int SIGKILL = 9;
    /** The collector would take a snapshot that no container names yet, or any more. */
    private static final Map<String, String> KEPT = Map.of("containerd.io/gc.root", "1970-01-01T00:00:00Z");

    private final Peer peer;
    private final ImageShelf.Shelved image;
    private final Steps steps;

    /** Is told what each step took. */
    interface Steps {
        /** Nobody. */
        Steps UNTOLD = (step, millis) -> {};

        /** One took this long. */
        void took(String step, double millis);

        /** Does one. */
        default <T> T time(String step, Supplier<T> work) {
            long start = System.nanoTime();
            T result = work.get();
            took(step, (System.nanoTime() - start) / 1e6);
            return result;
        }

        /** Does one without result. */
        default void run(String step, Runnable work) {
            took(step, Arena.millis(work));
        }
    }

    /** Containers of one daemon, made of an image that it has unpacked. */
    Sleepers(Peer peer, ImageShelf.Shelved image) {
        this(peer, image, Steps.UNTOLD);
    }

    /** The same, with what each step takes told to {@code steps}. */
    Sleepers(Peer peer, ImageShelf.Shelved image, Steps steps) {
        this.peer = peer;
        this.image = image;
        this.steps = steps;
    }

    /** Creates snapshot, container and task and starts it. */
    Task start(String id, String... arguments) {
        WharfClient client = peer.client();
        Context ctx = peer.ctx();
        TypedValue spec = spec(id, List.of(arguments));
        List<Mount> mounts = steps.time(
                "prepare snapshot", () -> client.snapshotter(SNAPSHOTTER).prepare(ctx, id, image.chainId(), KEPT));
        steps.run("create container", () -> client.containers().create(ctx, container(id, image.name(), spec)));
        CreateTask wanted = new CreateTask(id, RUNTIME, spec, mounts, TaskIo.NONE, null, "", "");
        Task task = steps.time("create task", () -> client.tasks().create(ctx, wanted));
        steps.run("start", () -> task.start(ctx, ""));
        return task;
    }

    /** Waits for its end and deletes task, container and snapshot; fails unless its exit code is 0. */
    void finish(Task task) {
        WharfClient client = peer.client();
        Context ctx = peer.ctx();
        int status = steps.time("wait", () -> task.await(ctx, "").status());
        steps.run("delete task", () -> client.tasks().delete(ctx, task.id()));
        steps.run("delete container", () -> client.containers().delete(ctx, task.id()));
        steps.run("remove snapshot", () -> client.snapshotter(SNAPSHOTTER).remove(ctx, task.id()));
        if (status != 0) {
            throw new IllegalStateException("container " + task.id() + " ended with " + status);
        }
    }

    private TypedValue spec(String id, List<String> arguments) {
        return SpecBuilder.defaults(peer.namespace(), id)
                .user(new UserIds(0, 0, List.of(0)))
                .args(arguments)
                .build();
    }

    /** A container's record. */
    static Container container(String id, String image, TypedValue spec) {
        return new Container(
                id,
                Map.of(),
                image,
                new Container.Runtime(RUNTIME, null),
                spec,
                SNAPSHOTTER,
                id,
                "",
                Map.of(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** Kills and deletes all tasks of a namespace, as far as that can be done. */
    static void endAll(WharfClient client, Context ctx) {
        try {
            for (Task task : client.tasks().list(ctx)) {
                end(client, ctx, task);
            }
        } catch (WharfException e) {
            System.err.println("bench: ending the tasks of " + ctx.namespace() + ": " + e.getMessage());
        }
    }

    private static void end(WharfClient client, Context ctx, Task task) {
        try {
            task.kill(ctx, "", SIGKILL, true);
        } catch (WharfException e) {
            // It has ended already.
        }
        try {
            task.await(ctx, "");
            client.tasks().delete(ctx, task.id());
        } catch (WharfException e) {
            System.err.println("bench: deleting task " + task.id() + ": " + e.getMessage());
        }
    }
}
