package dev.wharf.core.diff;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Applies as many layers at once as there are places, whoever asks; the others wait, the first come first. */
public final class QueuedApplier implements Applier {
    /** How long a layer without a deadline waits: longer than any layer takes. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);

    private final Applier applier;
    private final Semaphore places;

    /** One that lets {@code atOnce} calls through to {@code applier}. */
    public QueuedApplier(Applier applier, int atOnce) {
        this.applier = applier;
        this.places = new Semaphore(atOnce, true);
    }

    /** As the applier; {@code DEADLINE_EXCEEDED} when there was no place in time, {@code CANCELLED} when interrupted. */
    @Override
    public Descriptor apply(Context ctx, Descriptor diff, List<Mount> mounts, Options options) {
        waitForAPlace(ctx, diff);
        try {
            return applier.apply(ctx, diff, mounts, options);
        } finally {
            places.release();
        }
    }

    private void waitForAPlace(Context ctx, Descriptor diff) {
        try {
            Duration longest = ctx.remaining(LONGEST_WAIT);
            if (!places.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ErrorKind.DEADLINE_EXCEEDED.of("layer " + diff.digest() + " waited " + longest.toSeconds()
                        + " s for its turn to be unpacked: too many others are");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorKind.CANCELLED.of("wait to unpack layer " + diff.digest(), e);
        }
    }
}
