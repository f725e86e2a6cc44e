package dev.wharf.plugins.transfer.local;

import dev.wharf.core.concurrent.Turns;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.images.Documents;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.unpack.UnpackImage;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * What all transfers share.
 *
 * @param content the blobs
 * @param images the names
 * @param leases the leases
 * @param documents reads manifests, indexes and configs
 * @param unpack unpacks layers
 * @param turns keeps two from fetching the same
 * @param downloads as many permits as there may be downloads at once
 * @param uploads as many permits as there may be uploads at once
 * @param settings how transfers are done
 * @param clock what time leases are made by
 * @param random for names
 */
record Parts(
        ContentStore content,
        ImageStore images,
        LeaseManager leases,
        Documents documents,
        UnpackImage unpack,
        Turns turns,
        Semaphore downloads,
        Semaphore uploads,
        TransferSettings settings,
        InstantSource clock,
        RandomGenerator random) {}
