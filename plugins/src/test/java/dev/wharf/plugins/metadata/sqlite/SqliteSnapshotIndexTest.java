package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.events.Event;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotIndex;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Usage;
import dev.wharf.testkit.dirs.TempDirs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteSnapshotIndexTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private SnapshotIndex.Snapshot active(Context ctx, String key, String parent, Map<String, String> labels) {
        return metadata.snapshots.create(ctx, metadata.snapshots.reserveId(), Kind.ACTIVE, key, parent, labels);
    }

    private void layer(Context ctx, String name, String parent) {
        active(ctx, name + "-active", parent, Map.of());
        metadata.snapshots.commit(ctx, name, name + "-active", "", new Usage(10, 2), Map.of());
    }

    @Test
    void aSnapshotIsPreparedCommittedAndRemoved() {
        SnapshotIndex.Snapshot prepared = active(CTX, "key", "", Map.of("a", "1", "b", ""));
        assertThat(prepared.parents()).isEmpty();
        assertThat(prepared.labels()).isEqualTo(Map.of("a", "1"));
        assertThat(metadata.snapshots.usage(CTX, "key")).isEqualTo(Usage.NONE);
        metadata.clock.advance(Duration.ofSeconds(1));

        metadata.snapshots.commit(CTX, "name", "key", "", new Usage(10, 2), Map.of("c", "3"));

        SnapshotInfo info = metadata.snapshots.stat(CTX, "name");
        assertThat(info.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(info.labels()).isEqualTo(Map.of("c", "3"));
        assertThat(info.createdAt()).isEqualTo(metadata.clock.instant());
        assertThat(metadata.snapshots.get(CTX, "name").id()).isEqualTo(prepared.id());
        assertThat(metadata.snapshots.usage(CTX, "name")).isEqualTo(new Usage(10, 2));
        assertFails(
                ErrorKind.NOT_FOUND,
                "snapshot key does not exist: not found",
                () -> metadata.snapshots.get(CTX, "key"));
        assertThat(metadata.snapshots.remove(CTX, "name").id()).isEqualTo(prepared.id());
        assertThat(metadata.snapshots.ids()).isEmpty();
        assertThat(metadata.events.events())
                .containsExactly(
                        new Event.SnapshotPrepared("key", "", "overlayfs"),
                        new Event.SnapshotCommitted("key", "name", "overlayfs"),
                        new Event.SnapshotRemoved("name", "overlayfs"));
    }

    @Test
    void aViewIsMadeWithoutAnEventAndCannotBeCommitted() {
        layer(CTX, "base", "");
        int before = metadata.events.topics().size();

        metadata.snapshots.create(CTX, metadata.snapshots.reserveId(), Kind.VIEW, "view", "base", Map.of());

        assertThat(metadata.topicsAfter(before)).isEmpty();
        assertFails(
                ErrorKind.FAILED_PRECONDITION,
                "snapshot \"view\" is not active",
                () -> metadata.snapshots.commit(CTX, "n", "view", "", Usage.NONE, Map.of()));
    }

    @Test
    void ancestorsComeNearestFirst() {
        List<Long> expected = new ArrayList<>();
        String parent = "";
        for (int i = 0; i < 40; i++) {
            layer(CTX, "layer" + i, parent);
            parent = "layer" + i;
            expected.addFirst(metadata.snapshots.get(CTX, parent).id());
        }

        SnapshotIndex.Snapshot top = active(CTX, "top", parent, Map.of());

        assertThat(top.parents()).isEqualTo(expected);
        assertThat(metadata.snapshots.get(CTX, "top").parents()).isEqualTo(expected);
    }

    @Test
    void parentsMustBeThereAndCommitted() {
        active(CTX, "active", "", Map.of());

        assertFails(
                ErrorKind.NOT_FOUND,
                "parent snapshot none does not exist: not found",
                () -> active(CTX, "a", "none", Map.of()));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "parent \"active\" is not committed snapshot",
                () -> active(CTX, "a", "active", Map.of()));
        layer(OTHER, "base", "");
        assertFails(ErrorKind.NOT_FOUND, "parent snapshot base", () -> active(CTX, "a", "base", Map.of()));
    }

    @Test
    void whatHasChildrenStays() {
        layer(CTX, "base", "");
        active(CTX, "child", "base", Map.of());

        assertFails(
                ErrorKind.FAILED_PRECONDITION,
                "cannot remove snapshot with child: failed precondition",
                () -> metadata.snapshots.remove(CTX, "base"));
        metadata.snapshots.remove(CTX, "child");
        metadata.snapshots.remove(CTX, "base");
        assertFails(
                ErrorKind.NOT_FOUND,
                "snapshot base does not exist: not found",
                () -> metadata.snapshots.remove(CTX, "base"));
    }

    @Test
    void anActiveSnapshotWithoutParentCanBeRebasedAtCommit() {
        layer(CTX, "base", "");
        active(CTX, "a", "", Map.of());
        active(CTX, "b", "base", Map.of());
        active(CTX, "c", "", Map.of());

        metadata.snapshots.commit(CTX, "A", "a", "base", Usage.NONE, Map.of());
        metadata.snapshots.commit(CTX, "B", "b", "base", Usage.NONE, Map.of());

        assertThat(metadata.snapshots.stat(CTX, "A").parent()).isEqualTo("base");
        assertThat(metadata.snapshots.stat(CTX, "B").parent()).isEqualTo("base");
        assertFails(
                ErrorKind.NOT_FOUND,
                "parent snapshot none does not exist",
                () -> metadata.snapshots.commit(CTX, "C", "c", "none", Usage.NONE, Map.of()));
        active(CTX, "d", "base", Map.of());
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot change parent of active snapshot \"d\" on commit",
                () -> metadata.snapshots.commit(CTX, "D", "d", "A", Usage.NONE, Map.of()));
        assertThat(metadata.snapshots.stat(CTX, "d").kind()).isEqualTo(Kind.ACTIVE);
    }

    @Test
    void aKeyATargetOrANameThatIsTakenExistsAndJoinsTheLease() {
        metadata.leases.create(CTX, "l", Map.of());
        Context leased = CTX.withLease("l");
        layer(CTX, "chain", "");
        layer(CTX, "name", "");
        active(CTX, "key", "", Map.of());
        active(CTX, "other", "", Map.of());

        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "snapshot \"key\": already exists",
                () -> active(leased, "key", "", Map.of()));
        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "target snapshot \"chain\": already exists",
                () -> active(leased, "new", "", Map.of("containerd.io/snapshot.ref", "chain")));
        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "snapshot \"name\": already exists",
                () -> metadata.snapshots.commit(leased, "name", "other", "", Usage.NONE, Map.of()));
        assertThat(metadata.leases.listResources(CTX, "l"))
                .containsExactly(
                        new LeaseResource("chain", "snapshots/overlayfs"),
                        new LeaseResource("key", "snapshots/overlayfs"),
                        new LeaseResource("name", "snapshots/overlayfs"));
    }

    @Test
    void theLeaseFollowsASnapshotThroughItsLife() {
        metadata.leases.create(CTX, "l", Map.of());
        Context leased = CTX.withLease("l");

        active(leased, "key", "", Map.of());
        assertThat(metadata.leases.listResources(CTX, "l"))
                .containsExactly(new LeaseResource("key", "snapshots/overlayfs"));
        metadata.snapshots.commit(leased, "name", "key", "", Usage.NONE, Map.of());
        assertThat(metadata.leases.listResources(CTX, "l"))
                .containsExactly(new LeaseResource("name", "snapshots/overlayfs"));
        metadata.snapshots.remove(leased, "name");
        assertThat(metadata.leases.listResources(CTX, "l")).isEmpty();
        assertFails(
                ErrorKind.NOT_FOUND,
                "lease does not exist: not found",
                () -> active(CTX.withLease("none"), "x", "", Map.of()));
        assertFails(ErrorKind.NOT_FOUND, "snapshot x", () -> metadata.snapshots.stat(CTX, "x"));
    }

    @Test
    void labelsAreUpdatedByPath() {
        layer(CTX, "base", "");
        active(CTX, "key", "base", Map.of("a", "1", "b", "2"));
        metadata.clock.advance(Duration.ofSeconds(1));
        SnapshotInfo given = new SnapshotInfo("key", "", Kind.VIEW, Map.of("a", "9"), Instant.EPOCH, Instant.EPOCH);

        SnapshotInfo one = metadata.snapshots.update(CTX, given, List.of("labels.a"));
        assertThat(one.labels()).isEqualTo(Map.of("a", "9", "b", "2"));
        assertThat(one.kind()).isEqualTo(Kind.ACTIVE);
        assertThat(one.parent()).isEqualTo("base");
        assertThat(one.updatedAt()).isEqualTo(metadata.clock.instant());
        assertThat(metadata.snapshots.update(CTX, given, List.of()).labels()).isEqualTo(Map.of("a", "9"));
        assertThat(metadata.snapshots.stat(CTX, "key").labels()).isEqualTo(Map.of("a", "9"));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot update \"parent\" field on snapshot \"key\"",
                () -> metadata.snapshots.update(CTX, given, List.of("parent")));
    }

    @Test
    void namespacesAndSnapshottersDoNotSeeEachOther() {
        var other = new SqliteSnapshotIndex(metadata.database, "native", metadata.events, metadata.clock);
        layer(CTX, "base", "");
        layer(OTHER, "base", "");
        other.create(CTX, other.reserveId(), Kind.ACTIVE, "base", "", Map.of());

        List<SnapshotInfo> seen = new ArrayList<>();
        metadata.snapshots.walk(CTX, List.of(), seen::add);
        assertThat(seen).extracting(SnapshotInfo::name).containsExactly("base");
        assertThat(seen).extracting(SnapshotInfo::kind).containsExactly(Kind.COMMITTED);
        assertThat(metadata.snapshots.ids()).hasSize(2);
        assertThat(other.ids()).hasSize(1);
        List<SnapshotInfo> views = new ArrayList<>();
        metadata.snapshots.walk(CTX, List.of("kind==view"), views::add);
        assertThat(views).isEmpty();
    }

    @Test
    void idsAreNeverUsedAgain() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            assertThat(seen.add(metadata.snapshots.reserveId())).isTrue();
        }
        metadata.database.close();
        try (SqliteDatabase again = SqliteDatabase.open(metadata.file)) {
            var index = new SqliteSnapshotIndex(again, "overlayfs", metadata.events, metadata.clock);
            for (int i = 0; i < 200; i++) {
                assertThat(seen.add(index.reserveId())).isTrue();
            }
        }
    }
}
