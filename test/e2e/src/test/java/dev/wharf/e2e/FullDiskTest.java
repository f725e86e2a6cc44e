package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that is full or cannot be written to: clear errors, nothing spoiled, and work goes on once there is room. */
final class FullDiskTest {
    private static final int KILLED = 137;
    private static final String LARGE = "example.com/large:latest";

    private Daemon daemon;
    private Path archive;

    /** Mounts a small file system of its own at the daemon's root. */
    @BeforeEach
    void mount() throws IOException {
        daemon = Daemon.prepare("wharf-full");
        archive = BusyboxImage.archive(daemon.directory());
        Path image = daemon.directory().resolve("disk.img");
        Programs.run("truncate", "-s", "48M", image.toString()).ok();
        Programs.run("mkfs.ext4", "-q", "-m", "0", image.toString()).ok();
        Programs.run(
                        "mount",
                        "-o",
                        "loop",
                        image.toString(),
                        Files.createDirectory(daemon.root()).toString())
                .ok();
    }

    @AfterEach
    void unmount() {
        daemon.stop();
        assertThat(daemon.mountsBelow()).isEmpty();
        Programs.run("umount", daemon.root().toString()).ok();
        daemon.discard();
    }

    /** Layers that do not become smaller when compressed. */
    private Path largeImage(int mebibytes) {
        byte[] content = new byte[mebibytes << 20];
        new Random(Settings.seed()).nextBytes(content);
        return new ImageArchive(
                        LARGE,
                        ImageArchive.Layer.gzip(
                                new TarWriter().file("large", content).bytes()))
                .write(daemon.directory().resolve("large.tar"));
    }

    /** An image of few bytes that unpacks to many. */
    private Path bomb(int mebibytes) {
        return new ImageArchive(
                        LARGE,
                        ImageArchive.Layer.gzip(new TarWriter()
                                .file("bomb", new byte[mebibytes << 20])
                                .bytes()))
                .write(daemon.directory().resolve("bomb.tar"));
    }

    @Test
    void anImageThatDoesNotFitIsRefusedAndLeavesNothing() {
        daemon.start();
        assertThat(daemon.ctr("images", "import", largeImage(64).toString())
                        .fails()
                        .err())
                .containsIgnoringCase("no space left on device");
        worksAgain();
    }

    @Test
    void aLayerThatUnpacksToMoreThanThereIsIsRefusedAndLeavesNothing() {
        daemon.start();
        for (String snapshotter : new String[] {"overlayfs", "native"}) {
            assertThat(daemon.ctr(
                                    "images",
                                    "import",
                                    "--snapshotter",
                                    snapshotter,
                                    bomb(128).toString())
                            .fails()
                            .err())
                    .containsIgnoringCase("no space left on device");
            new Remains(daemon).areNoneOnceAllIsDeleted();
        }
        worksAgain();
    }

    @Test
    void anImageThatDoesNotFitCannotBePulled() {
        try (Registry registry = Registry.start()) {
            String large = registry.push(largeImage(64), "library/large:latest");
            String small = registry.pushBusybox();
            daemon.start();
            assertThat(daemon.ctr("images", "pull", "--plain-http", large)
                            .fails()
                            .err())
                    .containsIgnoringCase("no space left on device");
            assertThat(daemon.ctr("images", "ls", "-q").ok().lines()).isEmpty();
            new Remains(daemon).areNoneOnceAllIsDeleted();
            daemon.ctr("images", "pull", "--plain-http", small).ok();
            assertThat(daemon.ctr("run", "--rm", small, "one", "echo", "ran")
                            .ok()
                            .out())
                    .isEqualTo("ran\n");
            new Remains(daemon).areNoneOnceAllIsDeleted();
        }
    }

    @Test
    void withoutAnyRoomWhatIsThereIsServedAndRoomCanBeMade() {
        daemon.start();
        daemon.ctr("images", "import", archive.toString()).ok();
        Path filler = daemon.root().resolve("filler");
        Programs.run("sh", "-c", "cat /dev/zero > " + filler).fails();

        assertThat(daemon.ctr("images", "ls", "-q").ok().lines()).containsExactly(BusyboxImage.NAME);
        Programs.Result refused = Programs.run(
                "sh",
                "-c",
                "for i in $(seq 300); do ctr -a " + daemon.address() + " -n wharf-full images label "
                        + BusyboxImage.NAME + " l$i=" + "x".repeat(3000) + " >/dev/null || exit 1; done");
        assertThat(refused.fails().err()).contains("no space left on device");
        assertThat(daemon.ctr("images", "ls", "-q").ok().lines()).containsExactly(BusyboxImage.NAME);

        Programs.run("rm", filler.toString()).ok();
        assertThat(daemon.ctr("run", "--rm", BusyboxImage.NAME, "one", "echo", "ran")
                        .ok()
                        .out())
                .isEqualTo("ran\n");
        worksAgain();
    }

    @Test
    void startedOnAFullDiskItSaysSoOrServes() {
        daemon.start();
        daemon.ctr("images", "import", archive.toString()).ok();
        daemon.kill();
        Path filler = daemon.root().resolve("filler");
        Programs.run("sh", "-c", "cat /dev/zero > " + filler).fails();
        Programs.Result started = launchFor(8);
        assertThat(started.exit() == KILLED
                        || started.err().contains("No space left")
                        || started.err().contains("full"))
                .as(started.toString())
                .isTrue();
        try {
            Files.delete(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon.start();
        assertThat(daemon.ctr("images", "check").ok().out()).contains("complete (3/3)");
        worksAgain();
    }

    @Test
    void aRootThatBecomesReadOnlyIsStillReadAndNamedInErrors() {
        daemon.start();
        daemon.ctr("images", "import", archive.toString()).ok();
        daemon.stop();
        Programs.run("mount", "-o", "remount,ro", daemon.root().toString()).ok();
        Programs.Result started = launchFor(20);
        assertThat(started.exit()).as(started.toString()).isNotIn(0, KILLED);
        assertThat(started.err())
                .containsIgnoringCase("read-only file system")
                .contains(daemon.root().toString());
        Programs.run("mount", "-o", "remount,rw", daemon.root().toString()).ok();
        daemon.start();
        worksAgain();
    }

    /** Starts the daemon, and kills it should it run that long. */
    private Programs.Result launchFor(int seconds) {
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL", String.valueOf(seconds)));
        command.addAll(daemon.daemonCommand());
        return Programs.run(command);
    }

    private void worksAgain() {
        assertThat(databaseCheck()).isEqualTo("ok\n");
        daemon.ctr("images", "import", archive.toString()).ok();
        assertThat(daemon.ctr("run", "--rm", BusyboxImage.NAME, "again", "echo", "works")
                        .ok()
                        .out())
                .isEqualTo("works\n");
        assertThat(daemon.ctr("images", "check").ok().lines().stream().skip(1))
                .allMatch(line -> line.contains(" complete "));
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private String databaseCheck() {
        return Programs.run("sqlite3", "-readonly", daemon.database().toString(), "PRAGMA quick_check")
                .ok()
                .out();
    }
}
