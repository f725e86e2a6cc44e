package dev.wharf.e2e;

import dev.wharf.client.WharfClient;
import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Changes the specification of a container that has no task yet, to what {@code ctr} has no option for. */
final class ContainerSpecs {
    private final Path address;
    private final Context context;

    ContainerSpecs(Daemon daemon) {
        this.address = Path.of(daemon.address());
        this.context = Context.of(daemon.namespace());
    }

    /** Replaces the text of the specification, which becomes config.json as it is. */
    void change(String id, UnaryOperator<String> change) {
        try (WharfClient client = connect()) {
            Container container = client.containers().get(context, id);
            TypedValue spec = Objects.requireNonNull(container.spec());
            String text = change.apply(new String(spec.value(), StandardCharsets.UTF_8));
            client.containers().update(context, with(container, spec.typeUrl(), text), List.of("spec"));
        }
    }

    /** Makes a task of it without streams, and without looking at the specification, as {@code ctr} does. */
    void makeTask(String id) {
        try (WharfClient client = connect()) {
            Container container = client.containers().get(context, id);
            List<Mount> rootfs = client.snapshotter(container.snapshotter()).mounts(context, container.snapshotKey());
            client.tasks()
                    .create(
                            context,
                            new CreateTask(
                                    id,
                                    container.runtime().name(),
                                    Objects.requireNonNull(container.spec()),
                                    rootfs,
                                    TaskIo.NONE,
                                    container.runtime().options(),
                                    "",
                                    ""));
        }
    }

    private WharfClient connect() {
        return WharfClient.connect(address, grpc -> {
            throw new AssertionError("the daemon serves clients by ttRPC");
        });
    }

    private static Container with(Container container, String type, String spec) {
        return new Container(
                container.id(),
                container.labels(),
                container.image(),
                container.runtime(),
                new TypedValue(type, spec.getBytes(StandardCharsets.UTF_8)),
                container.snapshotter(),
                container.snapshotKey(),
                container.sandbox(),
                container.extensions(),
                container.createdAt(),
                container.updatedAt());
    }
}
