package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places one blob can be had from, shared by all that read pieces of it: who found a place bad spares the others the
 * attempt.
 */
final class BlobPlaces {
    /** What failed long ago helps nobody. */
    private static final int MAX_FAILURES = 32;

    private final BlobRequest request;
    private final List<Place> places;
    private final RegistryOptions options;

    /** Guards {@link #first}, {@link #served} and {@link #failures}. */
    private final ReentrantLock lock = new ReentrantLock();

    private int first;
    private final Set<URI> served = new LinkedHashSet<>();
    private final List<HostFailure> failures = new ArrayList<>();

    /** Where a blob can be had. */
    interface Place {
        /** The base of the host, or the external address. */
        URI url();

        /** Opens the bytes; throws {@link RegistryException}. */
        BlobEndpoint.Opened open(BlobRange range);
    }

    BlobPlaces(BlobRequest request, List<Place> places, RegistryOptions options) {
        this.request = request;
        this.places = List.copyOf(places);
        this.options = options;
    }

    BlobRequest request() {
        return request;
    }

    RegistryOptions options() {
        return options;
    }

    int count() {
        return places.size();
    }

    /** The first place that is not known to fail; {@link #count} when there is none. */
    int first() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Opens a range at a place; MISMATCH when the blob there has another size than it should. */
    BlobEndpoint.Opened open(int place, BlobRange range) {
        Place at = places.get(place);
        BlobEndpoint.Opened opened = at.open(range);
        if (request.size() >= 0 && opened.size().isPresent() && opened.size().getAsLong() != request.size()) {
            ResumingBody.closeQuietly(opened.body());
            throw new RegistryException(
                    Kind.MISMATCH,
                    "blob " + request.digest() + " at " + describe(place) + " has "
                            + opened.size().getAsLong() + " bytes instead of " + request.size());
        }
        lock.lock();
        try {
            served.add(at.url());
        } finally {
            lock.unlock();
        }
        return opened;
    }

    /** A place for messages. */
    String describe(int place) {
        return HttpCall.describe("", places.get(place).url()).strip();
    }

    /** Takes down a failure; {@code lasting} when the place is not to be asked again. */
    void failed(int place, RegistryException cause, boolean lasting) {
        lock.lock();
        try {
            if (failures.size() < MAX_FAILURES) {
                failures.add(new HostFailure(places.get(place).url(), cause));
            }
            if (lasting && first == place) {
                first = place + 1;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The places bytes came from, in the order of their first. */
    Set<URI> served() {
        lock.lock();
        try {
            return new LinkedHashSet<>(served);
        } finally {
            lock.unlock();
        }
    }

    List<HostFailure> failures() {
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    RegistryException exhausted() {
        return HostFailure.all("blob " + request.digest() + " of " + request.repository(), failures());
    }
}
