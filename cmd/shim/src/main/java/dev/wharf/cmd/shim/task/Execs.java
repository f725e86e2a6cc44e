package dev.wharf.cmd.shim.task;

import dev.wharf.shim.ShimException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The added processes of a container; guarded by its lock. */
final class Execs {
    private final Map<String, TaskProcess> processes = new LinkedHashMap<>();
    private final Set<String> reserved = new HashSet<>();

    /** Those being started or running: the end of the first process waits for them. */
    private final Set<TaskProcess> running = new HashSet<>();

    /** Takes an id, so that nobody else does while the process is prepared; ALREADY_EXISTS. */
    void reserve(String id) {
        if (processes.containsKey(id) || !reserved.add(id)) {
            throw ShimException.alreadyExists("id " + id);
        }
    }

    void release(String id) {
        reserved.remove(id);
    }

    void add(TaskProcess process) {
        reserved.remove(process.exec());
        processes.put(process.exec(), process);
    }

    TaskProcess get(String id) {
        TaskProcess process = processes.get(id);
        if (process == null) {
            throw ShimException.notFound("process does not exist " + id);
        }
        return process;
    }

    void remove(TaskProcess process) {
        processes.remove(process.exec());
    }

    /** Marks it as being started; FAILED_PRECONDITION where it was before. */
    void beginStart(TaskProcess process) {
        if (process.exit().isPresent()) {
            throw ShimException.failedPrecondition("cannot start a stopped process");
        }
        if (process.isStarted() || !running.add(process)) {
            throw ShimException.failedPrecondition("cannot start a running process");
        }
    }

    void noteRunning(TaskProcess process) {
        running.add(process);
    }

    /** Marks it as ended, or as never started. */
    void end(TaskProcess process) {
        running.remove(process);
    }

    boolean isRunning(TaskProcess process) {
        return running.contains(process);
    }

    boolean isAnyRunning() {
        return !running.isEmpty();
    }

    List<TaskProcess> all() {
        return new ArrayList<>(processes.values());
    }
}
