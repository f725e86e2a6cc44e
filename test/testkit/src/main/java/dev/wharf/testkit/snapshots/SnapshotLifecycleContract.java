package dev.wharf.testkit.snapshots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.snapshots.Kind;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The life of snapshots: keys, kinds, parents, labels, and what is refused. */
public interface SnapshotLifecycleContract extends SnapshotterFixture {
    @Test
    default void anActiveSnapshotIsKnownByItsKey() {
        snapshotter().prepare(ctx(), "work", "", Map.of("color", "blue"));

        SnapshotInfo info = snapshotter().stat(ctx(), "work");

        assertThat(info.name()).isEqualTo("work");
        assertThat(info.parent()).isEmpty();
        assertThat(info.kind()).isEqualTo(Kind.ACTIVE);
        assertThat(info.labels()).containsEntry("color", "blue");
        assertThat(info.createdAt()).isEqualTo(info.updatedAt());
    }

    @Test
    default void aCommittedSnapshotIsKnownByItsNameAlone() {
        layer("base", "", root -> {});

        SnapshotInfo info = snapshotter().stat(ctx(), "base");

        assertThat(info.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(info.parent()).isEmpty();
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().stat(ctx(), "base-active"));
    }

    @Test
    default void commitReplacesTheLabels() {
        snapshotter().prepare(ctx(), "work", "", Map.of("old", "1"));

        snapshotter().commit(ctx(), "base", "work", "", Map.of("new", "2"));

        assertThat(snapshotter().stat(ctx(), "base").labels())
                .containsEntry("new", "2")
                .doesNotContainKey("old");
    }

    @Test
    default void aChainNamesItsParents() {
        layer("a", "", root -> {});
        layer("b", "a", root -> {});
        snapshotter().view(ctx(), "v", "b", Map.of());

        assertThat(snapshotter().stat(ctx(), "b").parent()).isEqualTo("a");
        assertThat(snapshotter().stat(ctx(), "v").parent()).isEqualTo("b");
        assertThat(snapshotter().stat(ctx(), "v").kind()).isEqualTo(Kind.VIEW);
    }

    @Test
    default void prepareAndViewRefuseAKeyThatExists() {
        layer("base", "", root -> {});
        snapshotter().prepare(ctx(), "work", "base", Map.of());
        snapshotter().view(ctx(), "look", "base", Map.of());

        for (String key : List.of("work", "look", "base")) {
            assertFails(ErrorKind.ALREADY_EXISTS, () -> snapshotter().prepare(ctx(), key, "base", Map.of()));
            assertFails(ErrorKind.ALREADY_EXISTS, () -> snapshotter().view(ctx(), key, "base", Map.of()));
        }
    }

    @Test
    default void prepareAndViewRefuseAParentThatIsUnknownOrNotCommitted() {
        snapshotter().prepare(ctx(), "active", "", Map.of());

        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().prepare(ctx(), "x", "nobody", Map.of()));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().view(ctx(), "x", "nobody", Map.of()));
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> snapshotter().prepare(ctx(), "x", "active", Map.of()));
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> snapshotter().view(ctx(), "x", "active", Map.of()));
    }

    @Test
    default void commitRefusesWhatIsNotActive() {
        layer("base", "", root -> {});
        snapshotter().view(ctx(), "look", "base", Map.of());

        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().commit(ctx(), "new", "nobody", "", Map.of()));
        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().commit(ctx(), "new", "look", "", Map.of()));
        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().commit(ctx(), "new", "base", "", Map.of()));
    }

    @Test
    default void commitRefusesANameThatExists() {
        layer("base", "", root -> {});
        snapshotter().prepare(ctx(), "work", "base", Map.of());

        assertFails(ErrorKind.ALREADY_EXISTS, () -> snapshotter().commit(ctx(), "base", "work", "", Map.of()));
        assertThat(snapshotter().stat(ctx(), "work").kind()).isEqualTo(Kind.ACTIVE);
    }

    @Test
    default void aKeyIsFreeAgainAfterCommitAndAfterRemove() {
        layer("a", "", root -> {});
        snapshotter().prepare(ctx(), "a-active", "a", Map.of());
        snapshotter().remove(ctx(), "a-active");

        assertThat(snapshotter().prepare(ctx(), "a-active", "a", Map.of())).isNotEmpty();
    }

    @Test
    default void removeRefusesASnapshotWithChildren() {
        layer("a", "", root -> {});
        layer("b", "a", root -> {});
        snapshotter().view(ctx(), "v", "b", Map.of());

        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().remove(ctx(), "a"));
        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().remove(ctx(), "b"));
        snapshotter().remove(ctx(), "v");
        snapshotter().remove(ctx(), "b");
        snapshotter().remove(ctx(), "a");
        assertThat(walk()).isEmpty();
    }

    @Test
    default void aSnapshotInTheMiddleGoesOnceItsChildIsGone() {
        layer("a", "", root -> {});
        snapshotter().prepare(ctx(), "child", "a", Map.of());

        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().remove(ctx(), "a"));
        snapshotter().remove(ctx(), "child");
        snapshotter().remove(ctx(), "a");

        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().stat(ctx(), "a"));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().remove(ctx(), "a"));
    }

    @Test
    default void everyQuestionAboutAnUnknownKeyIsNotFound() {
        SnapshotInfo unknown = new SnapshotInfo("nobody", "", Kind.ACTIVE, Map.of(), Instant.EPOCH, Instant.EPOCH);

        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().stat(ctx(), "nobody"));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().usage(ctx(), "nobody"));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().mounts(ctx(), "nobody"));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().remove(ctx(), "nobody"));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().update(ctx(), unknown, List.of()));
    }

    @Test
    default void mountsAreTheSameAsWhenItWasMade() {
        layer("a", "", root -> {});
        layer("b", "a", root -> {});

        for (String parent : List.of("", "a", "b")) {
            assertThat(snapshotter().prepare(ctx(), "p" + parent, parent, Map.of()))
                    .isEqualTo(snapshotter().mounts(ctx(), "p" + parent));
            assertThat(snapshotter().view(ctx(), "v" + parent, parent, Map.of()))
                    .isEqualTo(snapshotter().mounts(ctx(), "v" + parent));
        }
    }

    @Test
    default void aCommittedSnapshotHasNoMounts() {
        layer("a", "", root -> {});

        assertFails(ErrorKind.FAILED_PRECONDITION, () -> snapshotter().mounts(ctx(), "a"));
    }

    @Test
    default void namespacesDoNotSeeEachOther() {
        Context other = Context.of("other");
        snapshotter().prepare(ctx(), "work", "", Map.of());

        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().stat(other, "work"));
        snapshotter().prepare(other, "work", "", Map.of());
        snapshotter().remove(ctx(), "work");

        assertThat(snapshotter().stat(other, "work").kind()).isEqualTo(Kind.ACTIVE);
    }

    @Test
    default void updateChangesLabelsByPath() {
        snapshotter().prepare(ctx(), "work", "", Map.of("a", "1", "b", "2"));
        SnapshotInfo before = snapshotter().stat(ctx(), "work");

        SnapshotInfo one = snapshotter().update(ctx(), withLabels(before, Map.of("a", "9")), List.of("labels.a"));
        assertThat(one.labels()).containsEntry("a", "9").containsEntry("b", "2");

        SnapshotInfo none = snapshotter().update(ctx(), withLabels(before, Map.of()), List.of("labels.b"));
        assertThat(none.labels()).containsEntry("a", "9").doesNotContainKey("b");

        SnapshotInfo all = snapshotter().update(ctx(), withLabels(before, Map.of("c", "3")), List.of("labels"));
        assertThat(all.labels()).containsEntry("c", "3").doesNotContainKey("a");
        assertThat(snapshotter().stat(ctx(), "work").labels()).containsEntry("c", "3");
        assertThat(all.createdAt()).isEqualTo(before.createdAt());
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                () -> snapshotter().update(ctx(), withLabels(before, Map.of()), List.of("kind")));
    }

    /** The same with other labels. */
    private static SnapshotInfo withLabels(SnapshotInfo info, Map<String, String> labels) {
        return new SnapshotInfo(info.name(), info.parent(), info.kind(), labels, info.createdAt(), info.updatedAt());
    }

    @Test
    default void walkShowsWhatMatchesOneOfTheFilters() {
        layer("base", "", root -> {});
        snapshotter().prepare(ctx(), "active", "base", Map.of("team", "red"));
        snapshotter().view(ctx(), "view", "base", Map.of("team", "blue"));

        assertThat(names()).containsExactly("active", "base", "view");
        assertThat(names("kind==committed")).containsExactly("base");
        assertThat(names("parent==base")).containsExactly("active", "view");
        assertThat(names("name==base", "labels.team==red")).containsExactly("active", "base");
        assertThat(names("kind==view,labels.team==red")).isEmpty();
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> walk("kind=view"));
    }

    @Test
    default void walkAllowsQuestionsFromWithin() {
        layer("base", "", root -> {});
        snapshotter().prepare(ctx(), "active", "base", Map.of());

        snapshotter()
                .walk(
                        ctx(),
                        List.of(),
                        info -> assertThat(snapshotter().stat(ctx(), info.name()))
                                .isEqualTo(info));
    }

    private List<String> names(String... filters) {
        return walk(filters).stream().map(SnapshotInfo::name).toList();
    }

    @Test
    default void aViewOfNothingTakesNothing() {
        snapshotter().view(ctx(), "empty", "", Map.of());

        assertThat(snapshotter().usage(ctx(), "empty")).isEqualTo(Usage.NONE);
    }
}
