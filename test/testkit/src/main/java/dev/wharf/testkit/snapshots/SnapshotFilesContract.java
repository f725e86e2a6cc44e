package dev.wharf.testkit.snapshots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.snapshots.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is seen below the mounts of snapshots, one file at a time. */
public interface SnapshotFilesContract extends SnapshotterFixture {
    @Test
    default void aChildSeesTheFilesOfItsParents() {
        layer("a", "", root -> Files.writeString(root.resolve("one"), "1"));
        layer("b", "a", root -> {
            assertThat(root.resolve("one")).hasContent("1");
            Files.writeString(root.resolve("two"), "2");
        });

        look("b", root -> {
            assertThat(root.resolve("one")).hasContent("1");
            assertThat(root.resolve("two")).hasContent("2");
        });
        look("a", root -> assertThat(root.resolve("two")).doesNotExist());
    }

    @Test
    default void siblingsDoNotSeeEachOther() {
        layer("a", "", root -> Files.writeString(root.resolve("shared"), "base"));
        List<Mount> left = snapshotter().prepare(ctx(), "left", "a", Map.of());
        List<Mount> right = snapshotter().prepare(ctx(), "right", "a", Map.of());

        inside(left, root -> Files.writeString(root.resolve("shared"), "left"));

        inside(right, root -> assertThat(root.resolve("shared")).hasContent("base"));
        look("a", root -> assertThat(root.resolve("shared")).hasContent("base"));
    }

    @Test
    default void whatWasWrittenIsThereWhenMountedAgain() {
        List<Mount> mounts = snapshotter().prepare(ctx(), "work", "", Map.of());
        inside(mounts, root -> Files.writeString(root.resolve("note"), "kept"));

        inside(
                snapshotter().mounts(ctx(), "work"),
                root -> assertThat(root.resolve("note")).hasContent("kept"));
    }

    @Test
    default void aChangedFileHidesTheOneBelow() {
        layer("a", "", root -> {
            Files.createDirectory(root.resolve("etc"));
            Files.writeString(root.resolve("etc/hosts"), "old");
            Files.writeString(root.resolve("etc/other"), "same");
        });
        layer("b", "a", root -> Files.writeString(root.resolve("etc/hosts"), "new"));
        layer("c", "b", root -> {});

        look("c", root -> {
            assertThat(root.resolve("etc/hosts")).hasContent("new");
            assertThat(root.resolve("etc/other")).hasContent("same");
        });
    }

    @Test
    default void aFileDeletedInAChildIsGoneForItsChildren() {
        layer("a", "", root -> Files.writeString(root.resolve("gone"), "x"));
        layer("b", "a", root -> Files.delete(root.resolve("gone")));
        layer("c", "b", root -> assertThat(root.resolve("gone")).doesNotExist());

        look("c", root -> assertThat(root.resolve("gone")).doesNotExist());
        look("a", root -> assertThat(root.resolve("gone")).exists());
    }

    @Test
    default void aFileThatComesBackHasOnlyItsNewContent() {
        layer("a", "", root -> Files.writeString(root.resolve("phoenix"), "a long first life"));
        layer("b", "a", root -> Files.delete(root.resolve("phoenix")));
        layer("c", "b", root -> Files.writeString(root.resolve("phoenix"), "second"));

        look("c", root -> assertThat(root.resolve("phoenix")).hasContent("second"));
    }

    @Test
    default void aFileFromBelowCanBeMoved() {
        layer("a", "", root -> Files.writeString(root.resolve("here"), "content"));
        layer("b", "a", root -> Files.move(root.resolve("here"), root.resolve("there")));

        look("b", root -> {
            assertThat(root.resolve("here")).doesNotExist();
            assertThat(root.resolve("there")).hasContent("content");
        });
    }

    @Test
    default void aFileFromBelowCanChangeItsOwner() {
        layer("a", "", root -> Files.writeString(root.resolve("file"), "content"));
        layer("b", "a", root -> setOwner(root.resolve("file"), 1234, 5678));

        look("b", root -> {
            assertThat(Files.getAttribute(root.resolve("file"), "unix:uid")).isEqualTo(1234);
            assertThat(Files.getAttribute(root.resolve("file"), "unix:gid")).isEqualTo(5678);
            assertThat(root.resolve("file")).hasContent("content");
        });
        look(
                "a",
                root -> assertThat(Files.getAttribute(root.resolve("file"), "unix:uid"))
                        .isEqualTo(0));
    }

    @Test
    default void aNewRootIsOpenToAll() {
        inside(
                snapshotter().prepare(ctx(), "work", "", Map.of()),
                root -> assertThat(mode(root)).isEqualTo("rwxr-xr-x"));
    }

    @Test
    default void ownerAndPermissionsOfTheRootAreThoseOfTheParent() {
        layer("a", "", root -> {
            setOwner(root, 11, 22);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx--x"));
        });
        layer("b", "a", root -> assertThat(mode(root)).isEqualTo("rwxrwx--x"));

        look("b", root -> {
            assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(11);
            assertThat(Files.getAttribute(root, "unix:gid")).isEqualTo(22);
            assertThat(mode(root)).isEqualTo("rwxrwx--x");
        });
    }

    @Test
    default void permissionsOfADirectoryAreKeptByCommit() {
        layer("a", "", root -> {
            Files.createDirectory(root.resolve("private"));
            Files.setPosixFilePermissions(root.resolve("private"), PosixFilePermissions.fromString("rwx------"));
        });
        layer(
                "b",
                "a",
                root -> Files.setPosixFilePermissions(
                        root.resolve("private"), PosixFilePermissions.fromString("r-xr-x--x")));

        look("b", root -> assertThat(mode(root.resolve("private"))).isEqualTo("r-xr-x--x"));
        look("a", root -> assertThat(mode(root.resolve("private"))).isEqualTo("rwx------"));
    }

    @Test
    default void aViewIsReadOnly() {
        layer("a", "", root -> Files.writeString(root.resolve("file"), "x"));
        layer("b", "a", root -> {});

        for (String parent : List.of("", "a", "b")) {
            inside(
                    snapshotter().view(ctx(), "view of " + parent, parent, Map.of()),
                    root -> assertThatThrownBy(() -> Files.writeString(root.resolve("new"), "x"))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("Read-only"));
        }
    }

    @Test
    default void usageOfAnActiveSnapshotIsMeasured() {
        List<Mount> mounts = snapshotter().prepare(ctx(), "work", "", Map.of());
        Usage before = snapshotter().usage(ctx(), "work");

        inside(mounts, root -> Files.write(root.resolve("large"), new byte[1 << 20]));
        Usage after = snapshotter().usage(ctx(), "work");

        assertThat(after.size() - before.size()).isBetween(1L << 20, 2L << 20);
        assertThat(after.inodes()).isEqualTo(before.inodes() + 1);
    }

    @Test
    default void usageIsKeptByCommitAndCountsHardLinksOnce() {
        List<Mount> mounts = snapshotter().prepare(ctx(), "work", "", Map.of());
        inside(mounts, root -> {
            Files.write(root.resolve("one"), new byte[1 << 20]);
            Files.createLink(root.resolve("two"), root.resolve("one"));
        });
        Usage active = snapshotter().usage(ctx(), "work");

        snapshotter().commit(ctx(), "base", "work", "", Map.of());

        assertThat(snapshotter().usage(ctx(), "base")).isEqualTo(active);
        assertThat(active.size()).isBetween(1L << 20, 2L << 20);
    }

    @Test
    default void aRefusedPrepareLeavesNothingOnDisk() {
        layer("a", "", root -> Files.writeString(root.resolve("file"), "x"));

        assertFails(ErrorKind.ALREADY_EXISTS, () -> snapshotter().prepare(ctx(), "a", "a", Map.of()));
        assertFails(ErrorKind.NOT_FOUND, () -> snapshotter().prepare(ctx(), "b", "nobody", Map.of()));

        checkDirectories();
    }

    private static void setOwner(Path file, int uid, int gid) throws IOException {
        Files.setAttribute(file, "unix:uid", uid);
        Files.setAttribute(file, "unix:gid", gid);
    }

    /** The permissions of a file as ls(1) shows them. */
    private static String mode(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        return PosixFilePermissions.toString(permissions);
    }
}
