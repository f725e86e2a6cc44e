package dev.wharf.shim.serve;

import dev.wharf.api.runtime.task.v3.ShutdownRequest;
import dev.wharf.lib.linux.MemoryTrim;
import dev.wharf.lib.linux.Prctl;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.ttrpc.TtrpcServer;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.TaskService;
import dev.wharf.shim.event.DaemonEvents;
import dev.wharf.shim.event.EventPublisher;
import dev.wharf.shim.group.GroupLock;
import dev.wharf.shim.rpc.Busy;
import dev.wharf.shim.rpc.SandboxMethods;
import dev.wharf.shim.rpc.TaskMethods;
import dev.wharf.shim.rpc.TransferMethods;
import java.io.IOException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a group until it may end. */
public final class ShimServer {
    private static final Logger LOG = LoggerFactory.getLogger(ShimServer.class);
    private static final Set<PosixFilePermission> MODE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** How long calls under way may take once the process is to end. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** How long events may take once the process is to end. */
    private static final Duration EVENTS_GRACE = Duration.ofSeconds(5);

    private final GroupLock lock;
    private final EventPublisher events;
    private final TaskService tasks;
    private final Ending ending;
    private final TtrpcServer server;

    private ShimServer(Runtime runtime, Settings settings, GroupLock lock) throws IOException {
        this.lock = lock;
        events = new EventPublisher(new DaemonEvents(settings.events()), Clock.systemUTC());
        tasks = runtime.serve(new ServingContext(runtime.name(), settings, events, Clock.systemUTC()));
        Busy busy = new Busy();
        ending = new Ending(lock, settings.linger(), () -> tasks.isEmpty() && busy.isIdle());
        server = server(busy, settings.namespace());
    }

    private TtrpcServer server(Busy busy, String namespace) throws IOException {
        TtrpcServer.Builder builder = TtrpcServer.builder();
        // A container that is being made or removed is waited for, as nobody may ask a second time.
        Consumer<ShutdownRequest> shutdown = request -> busy.onceIdle(() -> ending.request(request.getNow()));
        TaskMethods.of(tasks, shutdown, busy, namespace).forEach(builder::add);
        tasks.sandboxes()
                .ifPresent(pods -> builder.add(
                        SandboxMethods.of(pods, () -> busy.onceIdle(() -> ending.request(false)), busy, namespace)));
        tasks.transfers()
                .ifPresent(files -> TransferMethods.of(files, tasks::namespacesOf, busy, namespace)
                        .forEach(builder::add));
        return builder.build();
    }

    /**
     * Takes back what an earlier process left, listens, announces itself and serves until the end.
     *
     * @param lock of the group, held from here on
     * @param ready run once the socket accepts
     */
    public static void serve(Runtime runtime, Settings settings, GroupLock lock, Runnable ready)
            throws IOException, InterruptedException {
        Prctl.setChildSubreaper(true);
        ShimServer shim = new ShimServer(runtime, settings, lock);
        shim.server.listen(settings.group().socket(), MODE);
        Signals.handle(
                shim.ending::signal, () -> ThreadDump.write(settings.group().directory()));
        lock.announce();
        LOG.info(
                "serving runtime={} socket={} pid={}",
                runtime.name(),
                settings.group().socket(),
                Processes.pid());
        ready.run();
        try (MemoryTrim.Looking _ = MemoryTrim.start(failure -> LOG.warn("cannot give memory back", failure))) {
            shim.end(shim.ending.await());
        }
    }

    private void end(boolean bySignal) throws IOException, InterruptedException {
        LOG.info("ending signal={}", bySignal);
        lock.withdraw();
        server.shutdown(GRACE);
        boolean taken = events.awaitTaken(EVENTS_GRACE);
        events.close();
        if (taken && tasks.isEmpty()) {
            lock.removeDirectory();
        }
        lock.close();
    }
}
