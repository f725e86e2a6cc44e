package dev.wharf.core.runtime;

import java.time.Instant;

/**
 * A process of a task.
 *
 * @param containerId the container
 * @param execId the process's id, or empty for the init process
 * @param pid its pid, 0 before it is started
 * @param status its state
 * @param io where it reads from and writes to
 * @param exitStatus exit code once stopped
 * @param exitedAt when it ended; {@link Instant#EPOCH} before
 */
public record ProcessState(
        String containerId, String execId, int pid, Status status, TaskIo io, int exitStatus, Instant exitedAt) {}
