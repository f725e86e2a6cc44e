package dev.wharf.testkit.snapshots;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.SnapshotInfo;
import dev.wharf.core.snapshots.Snapshotter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** What the contract suites of a snapshotter need, and the steps they share. */
public interface SnapshotterFixture {
    /** Work on the files of a mounted snapshot. */
    @FunctionalInterface
    interface FileAction {
        void on(Path root) throws IOException;
    }

    /** The snapshotter under test, the same all through one test, empty at its start. */
    Snapshotter snapshotter();

    /** A directory of this test for mount points. */
    Path work();

    /** Mounts what a snapshotter answered, one after the other, on an existing directory. */
    void mount(List<Mount> mounts, Path target);

    /** Takes off what {@link #mount} put there. */
    void unmount(Path target);

    /**
     * Checked after every test: what is on disk is what the index knows. Runs after {@link Snapshotter#cleanup}; fails by
     * an assertion.
     */
    void checkDirectories();

    /** The namespace the tests work in. */
    default Context ctx() {
        return Context.of("testing");
    }

    @AfterEach
    default void diskAndIndexAgree() {
        snapshotter().cleanup(ctx());
        checkDirectories();
    }

    /** Mounts, does something there, and unmounts. */
    default void inside(List<Mount> mounts, FileAction action) {
        try {
            Path target = Files.createTempDirectory(work(), "mnt-");
            mount(mounts, target);
            try {
                action.on(target);
            } finally {
                unmount(target);
            }
            Files.delete(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a committed snapshot of what an action does on top of a parent (or of nothing, when it is empty). */
    default void layer(String name, String parent, FileAction action) {
        String key = name + "-active";
        inside(snapshotter().prepare(ctx(), key, parent, Map.of()), action);
        snapshotter().commit(ctx(), name, key, "", Map.of());
    }

    /** Looks at a committed snapshot through a view, which is removed again. */
    default void look(String name, FileAction action) {
        String key = name + "-look";
        inside(snapshotter().view(ctx(), key, name, Map.of()), action);
        snapshotter().remove(ctx(), key);
    }

    /** All snapshots that match. */
    default List<SnapshotInfo> walk(String... filters) {
        List<SnapshotInfo> found = new ArrayList<>();
        snapshotter().walk(ctx(), List.of(filters), found::add);
        return found;
    }

    /** Asserts that a call fails with this kind. */
    default void assertFails(ErrorKind kind, ThrowingCallable call) {
        Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WharfException.class,
                        e -> Assertions.assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
