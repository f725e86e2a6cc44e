package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.oci.Digest;
import dev.wharf.testkit.dirs.TempDirs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteLeaseManagerTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    @Test
    void leasesLiveInTheirNamespace() {
        Lease named = metadata.leases.create(CTX, "any text / at all", Map.of("k", "v"));
        Lease random = metadata.leases.create(CTX, "", Map.of());

        assertThat(random.id()).isNotEmpty();
        assertThat(metadata.leases.list(CTX, List.of())).containsExactlyInAnyOrder(named, random);
        assertThat(metadata.leases.list(CTX, List.of("labels.k==v"))).containsExactly(named);
        assertThat(metadata.leases.list(OTHER, List.of())).isEmpty();
        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "lease \"any text / at all\": already exists",
                () -> metadata.leases.create(CTX, named.id(), Map.of()));
        metadata.leases.delete(CTX, named.id());
        assertFails(
                ErrorKind.NOT_FOUND,
                "lease \"any text / at all\": not found",
                () -> metadata.leases.delete(CTX, named.id()));
    }

    @Test
    void resourcesAreAddedAndTakenOutAnyNumberOfTimes() {
        String digest = Digest.sha256(new byte[0]).toString();
        List<LeaseResource> all = List.of(
                new LeaseResource(digest, "content"),
                new LeaseResource("name", "images"),
                new LeaseResource("ref/with/slashes", "ingests"),
                new LeaseResource("key/with/slashes", "snapshots/native"),
                new LeaseResource("key", "snapshots/overlayfs"));
        metadata.leases.create(CTX, "l", Map.of());

        all.forEach(resource -> metadata.leases.addResource(CTX, "l", resource));
        metadata.leases.addResource(CTX, "l", all.getFirst());
        assertThat(metadata.leases.listResources(CTX, "l")).containsExactlyElementsOf(all);

        all.forEach(resource -> metadata.leases.deleteResource(CTX, "l", resource));
        metadata.leases.deleteResource(CTX, "l", all.getFirst());
        assertThat(metadata.leases.listResources(CTX, "l")).isEmpty();
    }

    @Test
    void badResourcesAndMissingLeasesAreRefused() {
        metadata.leases.create(CTX, "l", Map.of());
        LeaseResource good = new LeaseResource("name", "images");

        assertFails(
                ErrorKind.NOT_IMPLEMENTED,
                "tasks",
                () -> metadata.leases.addResource(CTX, "l", new LeaseResource("x", "tasks")));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "invalid content resource id x",
                () -> metadata.leases.addResource(CTX, "l", new LeaseResource("x", "content")));
        assertFails(ErrorKind.NOT_FOUND, "lease \"x\": not found", () -> metadata.leases.addResource(CTX, "x", good));
        assertFails(
                ErrorKind.NOT_FOUND, "lease \"x\": not found", () -> metadata.leases.deleteResource(CTX, "x", good));
        assertFails(ErrorKind.NOT_FOUND, "lease \"x\": not found", () -> metadata.leases.listResources(CTX, "x"));
    }
}
