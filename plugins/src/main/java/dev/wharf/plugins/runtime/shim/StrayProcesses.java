package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Pidfd;
import dev.wharf.lib.linux.PlatformThread;
import dev.wharf.lib.linux.Signal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that a failed start left in a bundle: shims and engines work in it, nobody else does.
 *
 * <p>Only for a bundle that was just made and whose shim serves nothing else.
 */
final class StrayProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(StrayProcesses.class);

    private StrayProcesses() {}

    /** Gives them time to end by themselves, asks them to, then kills them. */
    static void end(Path bundle, Duration patience) {
        Path real;
        try {
            real = bundle.toRealPath();
        } catch (IOException e) {
            return;
        }
        if (waitForNone(real, patience)) {
            return;
        }
        signal(real, Signal.SIGTERM);
        if (!waitForNone(real, patience)) {
            signal(real, Signal.SIGKILL);
            waitForNone(real, patience);
        }
    }

    /**
     * Waits for the engine a shim has at work: it ends with the shim, and one that ends half way leaves cgroups that
     * nobody knows.
     */
    static void awaitEngines(Path bundle, Duration patience) {
        Path real;
        try {
            real = bundle.toRealPath();
        } catch (IOException e) {
            return;
        }
        List<Integer> inside = inside(real);
        long until = System.nanoTime() + patience.toNanos();
        inside.stream()
                .filter(pid -> inside.contains(parent(pid)))
                .forEach(pid -> awaitEnd(pid, Duration.ofNanos(Math.max(0, until - System.nanoTime()))));
    }

    private static int parent(int pid) {
        return ProcessHandle.of(pid)
                .flatMap(ProcessHandle::parent)
                .map(parent -> (int) parent.pid())
                .orElse(0);
    }

    private static boolean waitForNone(Path bundle, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        for (int pid : inside(bundle)) {
            awaitEnd(pid, Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        }
        return inside(bundle).isEmpty();
    }

    private static void awaitEnd(int pid, Duration timeout) {
        try (Pidfd process = Pidfd.open(pid)) {
            PlatformThread.call("wait-stray-" + pid, () -> process.awaitEnd(timeout));
        } catch (ErrnoException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("wait for pid " + pid, e);
        }
    }

    /** Opened before it is looked at again, so that a pid used anew in between is not hit. */
    private static void signal(Path bundle, Signal signal) {
        for (int pid : inside(bundle)) {
            try (Pidfd process = Pidfd.open(pid)) {
                if (isInside(pid, bundle)) {
                    LOG.warn("ending a process left in a bundle pid={} signal={} bundle={}", pid, signal, bundle);
                    process.sendSignal(signal.number());
                }
            } catch (ErrnoException e) {
                if (!e.is(Errno.ESRCH)) {
                    throw e;
                }
            }
        }
    }

    private static List<Integer> inside(Path bundle) {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                int pid = Integer.parseInt(Trees.name(process));
                if (isInside(pid, bundle)) {
                    pids.add(pid);
                }
            }
        } catch (IOException e) {
            LOG.warn("processes cannot be listed", e);
        }
        return pids;
    }

    private static boolean isInside(int pid, Path bundle) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).equals(bundle);
        } catch (IOException e) {
            return false;
        }
    }
}
