package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.OrphanReaper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orphans whose exit codes a shim is going to ask for: those an engine wrote into a bundle whose container is taken back,
 * while its shim is away, and for a moment after that.
 */
final class AwaitedExits implements OrphanReaper.Interest {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedExits.class);

    /** How long a shim that is there has for a look; and how long this daemon has for noticing that it is not. */
    private static final Duration MOMENT = Duration.ofSeconds(3);

    private final RunningTasks tasks;
    private final Bundles bundles;
    private final LongSupplier nanos;

    /** The time is only compared with itself. */
    AwaitedExits(RunningTasks tasks, Bundles bundles, LongSupplier nanos) {
        this.tasks = tasks;
        this.bundles = bundles;
        this.nanos = nanos;
    }

    @Override
    public Map<Integer, BooleanSupplier> in(Set<Integer> ended) {
        Map<Integer, BooleanSupplier> awaited = new HashMap<>();
        for (Bundle bundle : all()) {
            if (bundle.isTakenBack()) {
                pids(bundle).stream()
                        .filter(ended::contains)
                        .forEach(pid -> awaited.put(pid, new Awaited(bundle)::isNeeded));
            }
        }
        return awaited;
    }

    private List<Bundle> all() {
        try {
            return bundles.all();
        } catch (UncheckedIOException e) {
            LOG.warn("exit codes may be lost, as bundles cannot be listed", e);
            return List.of();
        }
    }

    private static Set<Integer> pids(Bundle bundle) {
        try {
            return bundle.pids();
        } catch (WharfException e) {
            LOG.warn("exit codes of a container may be lost, id={}", bundle.id(), e);
            return Set.of();
        }
    }

    /** The end of a process of one container. */
    private final class Awaited {
        private final Bundle bundle;
        private long awayAt = nanos.getAsLong();

        Awaited(Bundle bundle) {
            this.bundle = bundle;
        }

        boolean isNeeded() {
            if (!bundle.isTakenBack() || isGivenUp()) {
                return false;
            }
            if (isAway()) {
                awayAt = nanos.getAsLong();
                return true;
            }
            return nanos.getAsLong() - awayAt < MOMENT.toNanos();
        }

        /** Nobody takes it back any more: what is kept here may keep its first process from ending. */
        private boolean isGivenUp() {
            return tasks.find(bundle.namespace(), bundle.id())
                    .filter(shim -> shim.phase() != Shim.Phase.LIVE)
                    .isPresent();
        }

        private boolean isAway() {
            return tasks.find(bundle.namespace(), bundle.id())
                    .filter(shim -> shim.client().isClosed())
                    .isPresent();
        }
    }
}
