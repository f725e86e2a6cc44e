package dev.wharf.services.tasks;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.services.tasks.v1.CreateTaskRequest;
import dev.wharf.api.services.tasks.v1.CreateTaskResponse;
import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.runtime.CreateTask;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.runtime.TaskRuntime;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.MountMessages;
import dev.wharf.wire.TaskMessages;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Creates the task of a container, from the container's metadata and what the request adds. */
final class TaskCreation {
    /** An annotation of the checkpoint descriptor: restore from this directory, as the CRI asks for it. */
    private static final String RESTORE_FROM_PATH = "RestoreFromPath";

    private final ContainerStore containers;
    private final TaskRuntime runtime;
    private final CheckpointImages checkpoints;

    TaskCreation(ContainerStore containers, TaskRuntime runtime, CheckpointImages checkpoints) {
        this.containers = containers;
        this.runtime = runtime;
        this.checkpoints = checkpoints;
    }

    CreateTaskResponse create(Context ctx, CreateTaskRequest request) throws IOException {
        Container container = containers.get(ctx, request.getContainerId());
        if (!request.getTaskApiAddress().isEmpty()) {
            throw ErrorKind.NOT_IMPLEMENTED.of("create task " + container.id() + " in the sandbox at "
                    + request.getTaskApiAddress() + " (task_api_address)");
        }
        requireNone(ctx, container.id());
        String checkpoint = checkpoint(ctx, request);
        try {
            Task task = runtime.create(ctx, describe(container, request, checkpoint));
            return CreateTaskResponse.newBuilder()
                    .setContainerId(container.id())
                    .setPid(task.pid())
                    .build();
        } catch (RuntimeException e) {
            checkpoints.discard(ctx, container.id());
            throw e;
        }
    }

    private void requireNone(Context ctx, String id) {
        try {
            runtime.get(ctx, id);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return;
            }
            throw e;
        }
        throw ErrorKind.ALREADY_EXISTS.of("task " + id);
    }

    private static CreateTask describe(Container container, CreateTaskRequest request, String checkpoint) {
        TypedValue spec = container.spec();
        if (spec == null) {
            throw ErrorKind.INVALID_ARGUMENT.of("container " + container.id() + " has no runtime spec");
        }
        String path = request.getRuntimePath();
        return new CreateTask(
                container.id(),
                path.isEmpty() ? container.runtime().name() : path,
                spec,
                MountMessages.fromProto(request.getRootfsList()),
                TaskMessages.io(request),
                request.hasOptions()
                        ? AnyMessages.fromProto(request.getOptions())
                        : container.runtime().options(),
                checkpoint,
                container.sandbox());
    }

    /** The directory to restore from, or empty: that of the annotation, of the options, or of a checkpoint image. */
    private String checkpoint(Context ctx, CreateTaskRequest request) throws IOException {
        String annotated = request.getCheckpoint().getAnnotationsOrDefault(RESTORE_FROM_PATH, "");
        if (!annotated.isEmpty()) {
            return annotated;
        }
        String given = request.hasOptions() ? criuImagePath(request.getOptions()) : "";
        if (!given.isEmpty() || !request.hasCheckpoint()) {
            return given;
        }
        return checkpoints.unpack(ctx, request.getContainerId(), DescriptorMessages.fromProto(request.getCheckpoint()));
    }

    private static String criuImagePath(Any options) {
        Options runc = runcOptions(options);
        return runc == null ? "" : runc.getCriuImagePath();
    }

    /** The options, if they are runc's; those of other runtimes are the runtime's own business. */
    private static @Nullable Options runcOptions(Any options) {
        if (!AnyMessages.typeName(options.getTypeUrl())
                .equals(Options.getDescriptor().getFullName())) {
            return null;
        }
        try {
            return Options.parseFrom(options.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("decode options of type " + options.getTypeUrl(), e);
        }
    }
}
