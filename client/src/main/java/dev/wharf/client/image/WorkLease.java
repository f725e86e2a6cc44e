package dev.wharf.client.image;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.leases.LeaseManager;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A lease for the time of some work. It ends by itself after a day, should the program not live to end it. */
public final class WorkLease implements AutoCloseable {
    private static final Duration LIFE = Duration.ofHours(24);

    private final LeaseManager leases;
    private final Context outer;
    private final Context ctx;
    private final String id;

    private WorkLease(LeaseManager leases, Context outer, String id) {
        this.leases = leases;
        this.outer = outer;
        this.ctx = outer.withLease(id);
        this.id = id;
    }

    /** Takes a lease. */
    public static WorkLease take(LeaseManager leases, Context ctx, InstantSource clock, RandomGenerator random) {
        String id = clock.millis() + "-" + HexFormat.of().toHexDigits(random.nextInt());
        String expire =
                clock.instant().plus(LIFE).truncatedTo(ChronoUnit.SECONDS).toString();
        leases.create(ctx, id, Map.of("containerd.io/gc.expire", expire));
        return new WorkLease(leases, ctx, id);
    }

    /** The context whose requests the lease holds. */
    public Context ctx() {
        return ctx;
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
