package dev.wharf.wire;

import dev.wharf.api.services.leases.v1.Resource;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseResource;

/** Leases and what they hold as messages. */
public final class LeaseMessages {
    private LeaseMessages() {}

    /** The lease as a message. */
    public static dev.wharf.api.services.leases.v1.Lease toProto(Lease lease) {
        return dev.wharf.api.services.leases.v1.Lease.newBuilder()
                .setId(lease.id())
                .setCreatedAt(Times.toProto(lease.createdAt()))
                .putAllLabels(lease.labels())
                .build();
    }

    /** The message as a lease. */
    public static Lease fromProto(dev.wharf.api.services.leases.v1.Lease message) {
        return new Lease(message.getId(), Times.fromProto(message.getCreatedAt()), message.getLabelsMap());
    }

    /** What a lease holds as a message. */
    public static Resource toProto(LeaseResource resource) {
        return Resource.newBuilder()
                .setId(resource.id())
                .setType(resource.type())
                .build();
    }

    /** The message as what a lease holds; not checked. */
    public static LeaseResource fromProto(Resource message) {
        return new LeaseResource(message.getId(), message.getType());
    }
}
