package dev.wharf.services.leases;

import dev.wharf.api.services.leases.v1.Resource;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.services.convert.Times;

/** Leases and what they hold as messages. */
final class LeaseMessages {
    private LeaseMessages() {}

    static dev.wharf.api.services.leases.v1.Lease toProto(Lease lease) {
        return dev.wharf.api.services.leases.v1.Lease.newBuilder()
                .setId(lease.id())
                .setCreatedAt(Times.toProto(lease.createdAt()))
                .putAllLabels(lease.labels())
                .build();
    }

    static Resource toProto(LeaseResource resource) {
        return Resource.newBuilder()
                .setId(resource.id())
                .setType(resource.type())
                .build();
    }

    static LeaseResource fromProto(Resource message) {
        return new LeaseResource(message.getId(), message.getType());
    }
}
