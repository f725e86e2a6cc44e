package dev.wharf.core.transfer.image;

import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.concurrent.Uninterrupted;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Documents;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.leases.WorkLease;
import dev.wharf.core.unpack.UnpackImage;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What all transfers share.
 *
 * @param content the blobs
 * @param images the names
 * @param leases the leases
 * @param documents reads manifests, indexes and configs
 * @param formats reads and writes what archives hold beside these
 * @param unpack unpacks layers
 * @param turns keeps two from fetching the same
 * @param downloads as many permits as there may be downloads at once
 * @param uploads as many permits as there may be uploads at once
 * @param settings how transfers are done
 * @param clock what time leases are made by
 * @param random for names
 */
public record TransferParts(
        ContentStore content,
        ImageStore images,
        LeaseManager leases,
        Documents documents,
        ArchiveFormats formats,
        UnpackImage unpack,
        Turns turns,
        Semaphore downloads,
        Semaphore uploads,
        TransferSettings settings,
        InstantSource clock,
        RandomGenerator random) {
    /** Works under the lease of the request, or one of its own that ends with the work. */
    public void leased(Context ctx, Consumer<Context> work) {
        if (ctx.lease().isPresent()) {
            work.accept(ctx);
            return;
        }
        WorkLease lease = WorkLease.take(leases, ctx, clock, random);
        try {
            work.accept(lease.ctx());
        } catch (WharfException e) {
            Uninterrupted.run(() -> lease.closeAfterFailure(clock));
            throw e;
        } finally {
            Uninterrupted.run(lease::close);
        }
    }
}
