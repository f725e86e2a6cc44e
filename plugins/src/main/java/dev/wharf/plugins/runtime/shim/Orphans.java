package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.lib.linux.OrphanReaper;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What dead shims leave: their containers' processes become children of this daemon, and are reaped when their end was
 * told or nobody is going to ask for it.
 */
final class Orphans implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);
    private static final String ENDS = "topic==\"/tasks/exit\"";
    private static final Duration WAIT = Duration.ofDays(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Bundles bundles;
    private final EventBus events;
    private final OrphanReaper reaper;
    private final Thread hearing;

    private Orphans(Bundles bundles, EventBus events, OrphanReaper reaper) {
        this.bundles = bundles;
        this.events = events;
        this.reaper = reaper;
        this.hearing = Thread.ofVirtual().name("told-ends").unstarted(this::hear);
    }

    /** Inherits and reaps orphans until it is closed. */
    static Orphans inherit(RunningTasks tasks, Bundles bundles, EventBus events) {
        OrphanReaper reaper = OrphanReaper.start(new AwaitedExits(tasks, bundles, System::nanoTime));
        Orphans orphans = new Orphans(bundles, events, reaper);
        orphans.hearing.start();
        return orphans;
    }

    private void hear() {
        try {
            while (true) {
                hearUntilLost();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private void hearUntilLost() throws InterruptedException {
        try (EventBus.Subscription ends = events.subscribe(List.of(ENDS))) {
            while (true) {
                Envelope end = ends.next(WAIT);
                if (end != null) {
                    told(end);
                }
            }
        } catch (WharfException e) {
            // Each that is missed is reaped a few seconds later.
            LOG.debug("ends of processes are not heard", e);
        }
    }

    /** A process that was added and is not reaped keeps the first one of its pid namespace from ending. */
    private void told(Envelope end) {
        if (end.event() instanceof Event.TaskExited exited
                && bundles.of(end.namespace(), exited.containerId()).isTakenBack()) {
            reaper.release(exited.pid());
        }
    }

    /** Leaves those there are to init, once this daemon ends. */
    @Override
    public void close() {
        hearing.interrupt();
        reaper.close();
    }
}
