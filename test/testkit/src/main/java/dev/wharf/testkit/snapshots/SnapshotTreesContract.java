package dev.wharf.testkit.snapshots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.mount.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Directories that are moved and replaced, long chains, and many callers at once. */
public interface SnapshotTreesContract extends SnapshotterFixture {
    /** More lower directories than one page of mount options holds. */
    int LAYERS = 128;

    @Test
    default void aDirectoryMovedWithinItsLayerIsSeenAtItsNewPlace() {
        layer("a", "", root -> {
            Files.createDirectories(root.resolve("old/deep"));
            Files.writeString(root.resolve("old/deep/file"), "x");
            Files.move(root.resolve("old"), root.resolve("new"));
        });

        look("a", root -> {
            assertThat(root.resolve("old")).doesNotExist();
            assertThat(root.resolve("new/deep/file")).hasContent("x");
        });
    }

    @Test
    default void aDirectoryFromBelowThatWasReplacedIsEmpty() {
        layer("a", "", root -> {
            Files.createDirectory(root.resolve("dir"));
            Files.writeString(root.resolve("dir/file"), "x");
        });
        layer("b", "a", root -> {
            Files.delete(root.resolve("dir/file"));
            Files.delete(root.resolve("dir"));
        });
        layer("c", "b", root -> {
            assertThat(root.resolve("dir")).doesNotExist();
            Files.createDirectory(root.resolve("dir"));
        });

        look("c", root -> assertThat(root.resolve("dir")).isEmptyDirectory());
        look("a", root -> assertThat(root.resolve("dir/file")).hasContent("x"));
    }

    @Test
    default void aDirectoryCanBecomeAFileAndAFileADirectory() {
        layer("a", "", root -> {
            Files.createDirectory(root.resolve("x"));
            Files.writeString(root.resolve("y"), "file");
        });
        layer("b", "a", root -> {
            Files.delete(root.resolve("x"));
            Files.writeString(root.resolve("x"), "file");
            Files.delete(root.resolve("y"));
            Files.createDirectories(root.resolve("y/z"));
        });

        look("b", root -> {
            assertThat(root.resolve("x")).hasContent("file");
            assertThat(root.resolve("y/z")).isDirectory();
        });
    }

    @Test
    default void symbolicLinksAreKeptAsTheyAre() {
        layer("a", "", root -> Files.createSymbolicLink(root.resolve("link"), Path.of("/nowhere/at/all")));
        layer("b", "a", root -> {});

        look(
                "b",
                root -> assertThat(Files.readSymbolicLink(root.resolve("link"))).isEqualTo(Path.of("/nowhere/at/all")));
    }

    @Test
    default void aLongChainMounts() {
        String parent = "";
        for (int i = 1; i <= LAYERS; i++) {
            int number = i;
            layer("layer-" + i, parent, root -> {
                Files.writeString(root.resolve("file-" + number), "" + number);
                Files.writeString(root.resolve("last"), "" + number);
            });
            parent = "layer-" + i;
        }
        List<Mount> mounts = snapshotter().prepare(ctx(), "top", parent, Map.of());

        inside(mounts, root -> {
            for (int i = 1; i <= LAYERS; i++) {
                assertThat(root.resolve("file-" + i)).hasContent("" + i);
            }
            assertThat(root.resolve("last")).hasContent("" + LAYERS);
            Files.writeString(root.resolve("last"), "top");
        });
        look(parent, root -> assertThat(root.resolve("last")).hasContent("" + LAYERS));
    }

    @Test
    default void manyCanPrepareAndRemoveWhileOthersCleanUp() throws InterruptedException {
        layer("base", "", root -> Files.writeString(root.resolve("file"), "x"));
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            String name = "thread-" + t;
            threads.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                    .start(() -> prepareAndRemove(name)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        assertThat(walk("kind==active")).hasSize(8);
        walk("kind==active")
                .forEach(info -> inside(
                        snapshotter().mounts(ctx(), info.name()),
                        root -> assertThat(root.resolve("file")).hasContent("x")));
    }

    private void prepareAndRemove(String name) {
        for (int i = 0; i < 10; i++) {
            snapshotter().prepare(ctx(), name + "-" + i, "base", Map.of());
            snapshotter().cleanup(ctx());
            if (i < 9) {
                snapshotter().remove(ctx(), name + "-" + i);
            }
        }
    }
}
