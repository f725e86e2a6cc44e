package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Killed at any moment of pulling, importing, running and removing, the daemon comes back sound. */
final class SuddenDeathTest {
    private static final int DEATHS = Settings.count("deaths", 6);
    private static final int CLIENTS = 3;
    private static final int LONGEST_LIFE_MILLIS = 2500;

    private final Random random = new Random(Settings.seed());
    private final AtomicInteger ids = new AtomicInteger();
    private final Set<Process> clients = ConcurrentHashMap.newKeySet();

    /** Containers whose client has ended: to remove one while it is made would leave a task that no client can name. */
    private final List<String> finished = new CopyOnWriteArrayList<>();

    private Registry registry;
    private Daemon daemon;
    private Path archive;
    private List<String> references;
    private volatile boolean alive;

    @BeforeEach
    void start() {
        registry = Registry.start();
        daemon = Daemon.launchIn("wharf-death");
        archive = BusyboxImage.archive(daemon.directory());
        references = List.of(registry.pushBusybox(), registry.push(largeImage(), "library/large:latest"));
    }

    /** Of layers that take a while to fetch and to unpack. */
    private Path largeImage() {
        ImageArchive.Layer[] layers = new ImageArchive.Layer[4];
        for (int i = 0; i < layers.length; i++) {
            TarWriter tar = new TarWriter().directory("layer" + i);
            for (int file = 0; file < 20; file++) {
                byte[] content = new byte[200_000];
                random.nextBytes(content);
                tar.file("layer" + i + "/file" + file, content);
            }
            layers[i] = ImageArchive.Layer.gzip(tar.bytes());
        }
        return new ImageArchive("example.com/large:latest", layers)
                .write(daemon.directory().resolve("large.tar"));
    }

    @AfterEach
    void stop() {
        try {
            daemon.close();
        } finally {
            registry.close();
        }
    }

    @Test
    void killedAtRandomMomentsItComesBackSound() throws InterruptedException {
        for (int death = 1; death <= DEATHS; death++) {
            List<Thread> working = letClientsWork();
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            alive = false;
            daemon.kill();
            // A client would wait for the daemon to come back.
            clients.forEach(Process::destroyForcibly);
            for (Thread thread : working) {
                thread.join();
            }
            daemon.start();
            isSound(death);
        }
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private List<Thread> letClientsWork() {
        alive = true;
        return java.util.stream.IntStream.range(0, CLIENTS)
                .mapToObj(number -> {
                    Random choices = new Random(random.nextLong());
                    return Thread.ofPlatform().name("client-" + number).start(() -> work(choices));
                })
                .toList();
    }

    private void work(Random choices) {
        while (alive) {
            String reference = references.get(choices.nextInt(references.size()));
            String snapshotter = choices.nextInt(4) == 0 ? "native" : "overlayfs";
            String id = "c" + ids.incrementAndGet();
            String earlier = finished.isEmpty() ? "none" : finished.get(choices.nextInt(finished.size()));
            switch (choices.nextInt(8)) {
                case 0, 1 -> ctr("images", "pull", "--plain-http", "--snapshotter", snapshotter, reference);
                case 2 -> ctr("images", "import", "--snapshotter", snapshotter, archive.toString());
                case 3 -> run(id, "run", "--rm", "--null-io", BusyboxImage.NAME, id, "true");
                case 4 -> run(id, "run", "-d", "--null-io", BusyboxImage.NAME, id, "sleep", "1000");
                case 5 -> ctr("tasks", "rm", "--force", earlier);
                case 6 -> ctr("containers", "rm", earlier);
                default -> ctr("images", "rm", "--sync", reference);
            }
        }
    }

    private void run(String id, String... arguments) {
        ctr(arguments);
        finished.add(id);
    }

    /** Runs a client that may fail, or be killed with the daemon. */
    private void ctr(String... arguments) {
        try {
            Process process = new ProcessBuilder(daemon.ctrCommand(daemon.namespace(), arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            clients.add(process);
            if (!alive) {
                process.destroyForcibly();
            }
            process.onExit().join();
            clients.remove(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void isSound(int death) {
        String when = "after death " + death + "; log:\n" + daemon.logText();
        assertThat(Programs.run(
                                "sqlite3",
                                "-readonly",
                                daemon.database().toString(),
                                "PRAGMA quick_check; PRAGMA foreign_key_check")
                        .ok()
                        .out())
                .as(when)
                .isEqualTo("ok\n");
        assertThat(daemon.ctr("images", "check").ok().lines().stream().skip(1))
                .as(when)
                .allMatch(line -> line.contains(" complete "));
        daemon.ctr("images", "import", archive.toString()).ok();
        assertThat(daemon.ctr("run", "--rm", BusyboxImage.NAME, "fresh" + death, "echo", "works")
                        .out())
                .as(when)
                .isEqualTo("works\n");
    }
}
