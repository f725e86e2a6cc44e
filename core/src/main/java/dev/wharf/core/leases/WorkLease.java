package dev.wharf.core.leases;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A lease for the time of some work. It ends by itself after a day, should the program not live to end it. */
public final class WorkLease implements AutoCloseable {
    private static final Duration LIFE = Duration.ofHours(24);
    private static final Duration RESUME = Duration.ofHours(1);
    private static final String EXPIRE = "containerd.io/gc.expire";

    private final LeaseManager leases;
    private final Context outer;
    private final Context ctx;
    private final String id;

    private WorkLease(LeaseManager leases, Context outer, String id) {
        this.leases = leases;
        this.outer = outer.withDeadline(null);
        this.ctx = outer.withLease(id);
        this.id = id;
    }

    /** Takes a lease. */
    public static WorkLease take(LeaseManager leases, Context ctx, InstantSource clock, RandomGenerator random) {
        String id = clock.millis() + "-" + HexFormat.of().toHexDigits(random.nextInt());
        leases.create(ctx, id, Map.of(EXPIRE, expiry(clock, LIFE)));
        return new WorkLease(leases, ctx, id);
    }

    /** The context whose requests the lease holds. */
    public Context ctx() {
        return ctx;
    }

    /**
     * Ends the lease of work that failed; what is half there may be taken up again for an hour: another lease holds the
     * ingests.
     */
    public void closeAfterFailure(InstantSource clock) {
        try {
            List<LeaseResource> ingests = leases.listResources(outer, id).stream()
                    .filter(resource -> resource.kind().equals("ingests"))
                    .toList();
            if (!ingests.isEmpty()) {
                String held = "resume-" + id;
                leases.create(outer, held, Map.of(EXPIRE, expiry(clock, RESUME)));
                ingests.forEach(ingest -> leases.addResource(outer, held, ingest));
            }
        } catch (WharfException e) {
            // Then the next attempt begins again.
        }
        close();
    }

    private static String expiry(InstantSource clock, Duration life) {
        return clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Ends the lease. A failure is no failure of the work: the lease then expires. */
    @Override
    public void close() {
        try {
            leases.delete(outer, id);
        } catch (WharfException e) {
            // It expires by itself.
        }
    }
}
