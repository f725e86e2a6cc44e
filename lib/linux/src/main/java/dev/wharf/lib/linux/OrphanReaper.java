package dev.wharf.lib.linux;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes this process the parent of descendants that lose theirs, and reaps each of them that has ended once nobody needs
 * it any more: until then its exit code can be read from {@code /proc/PID/stat}, and a descriptor be opened.
 *
 * <p>One that nobody needs is reaped when it is found for the second time, within about a second. Processes this one
 * started are left to who started them.
 */
public final class OrphanReaper implements AutoCloseable {
    /** Between two looks when there is nothing. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** Between two looks while some have ended. */
    private static final Duration BUSY = Duration.ofMillis(200);

    private final Interest interest;

    /** Those that were needed when somebody was asked, with whether they still are; for the one who looks. */
    private final Map<Integer, BooleanSupplier> kept = new HashMap<>();

    /** Others that were found ended by the last look; for the one who looks. */
    private Set<Integer> seen = Set.of();

    private final Thread looking;

    /** Who may ask how an orphan has ended. */
    @FunctionalInterface
    public interface Interest {
        /**
         * Called once for orphans that have ended; throws nothing.
         *
         * @return those that are needed, each for as long as it is answered with true
         */
        Map<Integer, BooleanSupplier> in(Set<Integer> ended);
    }

    OrphanReaper(Interest interest) {
        this.interest = interest;
        this.looking = Thread.ofVirtual().name("orphans").unstarted(this::lookAgainAndAgain);
    }

    /**
     * Inherits and reaps orphans until it is closed. Where the kernel does not list children, all is left as it was, and
     * orphans go to init.
     */
    public static OrphanReaper start(Interest interest) {
        OrphanReaper reaper = new OrphanReaper(interest);
        if (ChildProcesses.areListed()) {
            Prctl.setChildSubreaper(true);
            reaper.looking.start();
        }
        return reaper;
    }

    private void lookAgainAndAgain() {
        try {
            while (true) {
                boolean none = kept.isEmpty() && seen.isEmpty();
                Thread.sleep(none ? IDLE : BUSY);
                if (!none || Pidfd.anyChildHasEnded()) {
                    look();
                }
            }
        } catch (InterruptedException e) {
            // Nobody looks any more.
        }
    }

    /** Reaps those that nobody needs, but none that is found for the first time. */
    void look() {
        Set<Integer> ended = new HashSet<>(ChildProcesses.inherited());
        ended.removeIf(pid -> !ChildProcesses.hasEnded(pid));
        kept.keySet().retainAll(ended);
        ended.removeAll(kept.keySet());
        kept.entrySet().removeIf(entry -> !entry.getValue().getAsBoolean() && ChildProcesses.reap(entry.getKey()));
        Set<Integer> again = new HashSet<>(ended);
        again.retainAll(seen);
        ended.removeAll(again);
        seen = ended;
        if (!again.isEmpty()) {
            keepOrReap(again);
        }
    }

    private void keepOrReap(Set<Integer> ended) {
        Map<Integer, BooleanSupplier> needed = interest.in(ended);
        for (int pid : ended) {
            BooleanSupplier whether = needed.get(pid);
            if (whether == null) {
                ChildProcesses.reap(pid);
            } else {
                kept.put(pid, whether);
            }
        }
    }

    /** Reaps an orphan at once, if it has ended: nobody needs it any more. */
    public void release(int pid) {
        if (ChildProcesses.inherited().contains(pid) && ChildProcesses.hasEnded(pid)) {
            ChildProcesses.reap(pid);
        }
    }

    /** Inherits none any more; those there are go to init when this process ends. */
    @Override
    public void close() {
        looking.interrupt();
        if (ChildProcesses.areListed()) {
            Prctl.setChildSubreaper(false);
        }
    }
}
