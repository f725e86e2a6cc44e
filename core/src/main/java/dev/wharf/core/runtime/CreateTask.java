package dev.wharf.core.runtime;

import dev.wharf.core.mount.Mount;
import dev.wharf.core.typeurl.TypedValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task is made from.
 *
 * @param containerId the container
 * @param runtime the runtime's name, or an absolute path of a shim
 * @param spec the runtime spec
 * @param rootfs the mounts of the root
 * @param io of the init process
 * @param options the runtime's own options, or null
 * @param checkpoint directory to restore from, or empty
 * @param sandboxId the sandbox to join, or empty
 */
public record CreateTask(
        String containerId,
        String runtime,
        TypedValue spec,
        List<Mount> rootfs,
        TaskIo io,
        @Nullable TypedValue options,
        String checkpoint,
        String sandboxId) {
    public CreateTask {
        rootfs = List.copyOf(rootfs);
    }
}
