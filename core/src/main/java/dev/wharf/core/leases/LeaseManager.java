package dev.wharf.core.leases;

import dev.wharf.core.context.Context;
import java.util.List;
import java.util.Map;

/** Keeps leases of all namespaces; each call sees those of its context's namespace. */
public interface LeaseManager {
    /** Creates a lease, with a random id when {@code id} is empty; {@code ALREADY_EXISTS}. */
    Lease create(Context ctx, String id, Map<String, String> labels);

    /** Deletes it; {@code NOT_FOUND}. What only it held becomes garbage. */
    void delete(Context ctx, String id);

    /** All leases that match one of the filters (all, when there are none), sorted by id. */
    List<Lease> list(Context ctx, List<String> filters);

    /** Adds a resource; {@code NOT_FOUND} for the lease, {@code NOT_IMPLEMENTED} for an unknown type. Idempotent. */
    void addResource(Context ctx, String lease, LeaseResource resource);

    /** Takes a resource out; {@code NOT_FOUND} for the lease, {@code NOT_IMPLEMENTED} for an unknown type. Idempotent. */
    void deleteResource(Context ctx, String lease, LeaseResource resource);

    /** What the lease holds; {@code NOT_FOUND} for the lease. */
    List<LeaseResource> listResources(Context ctx, String lease);
}
