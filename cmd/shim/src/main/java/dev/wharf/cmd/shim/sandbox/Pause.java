package dev.wharf.cmd.shim.sandbox;

import dev.wharf.cmd.shim.hold.ProcessId;
import dev.wharf.lib.linux.Child;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Namespaces;
import dev.wharf.lib.linux.Namespaces.Kind;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.Pipe;
import dev.wharf.lib.linux.Signal;
import dev.wharf.lib.linux.Spawn;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/**
 * The process that holds the namespaces of a pod: a shell that waits for nothing, first of its pid namespace, whose
 * orphans the kernel reaps for it.
 *
 * @param id of the process
 * @param pidfd its descriptor, owned by this object
 */
record Pause(ProcessId id, Pidfd pidfd) {
    private static final int PIPE = 3;

    /** Starts one in new namespaces, and in the network namespace at a path, "" for that of this process. */
    static Pause start(String network) {
        try (Pipe pipe = Pipe.create()) {
            Spawn spawn = Spawn.command("/bin/sh", "-c", "trap '' CHLD; read nothing", "wharf-pause")
                    .environment(Map.of())
                    .directory(Path.of("/"))
                    .newSession()
                    .fd(0, pipe.reader())
                    .fd(PIPE, pipe.writer());
            Child child = Namespaces.inNewNamespaces(EnumSet.of(Kind.IPC, Kind.UTS, Kind.PID), spawn::start);
            ProcessId id = ProcessId.of(child.pid())
                    .orElseThrow(() -> new IllegalStateException("the process of sandbox is gone, network=" + network));
            return new Pause(id, child.pidfd());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot start the process of a sandbox", e);
        }
    }

    /** The one that a former process of this program started; empty when it is gone. */
    static Optional<Pause> find(ProcessId id) {
        try {
            Pidfd pidfd = Pidfd.open(id.pid());
            if (id.exists()) {
                return Optional.of(new Pause(id, pidfd));
            }
            pidfd.close();
            return Optional.empty();
        } catch (ErrnoException e) {
            return Optional.empty();
        }
    }

    /** One of its namespaces, by the name a configuration has for it. */
    Path namespace(String type) {
        return Path.of("/proc/" + id.pid() + "/ns/" + type);
    }

    void kill() {
        try {
            pidfd.sendSignal(Signal.SIGKILL.number());
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }
}
