package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many clients that want something at the same moment all get it. */
final class ManyAtOnceTest {
    private static final int CLIENTS = Settings.count("clients", 10);
    private static final int CONTAINERS_EACH = 3;
    private static final int PULLS = Settings.count("pulls", 20);

    private Registry registry;
    private Daemon daemon;
    private Remains remains;
    private String image;

    @BeforeEach
    void start() {
        registry = Registry.start();
        image = registry.pushBusybox();
        daemon = Daemon.launchIn("wharf-many");
        remains = new Remains(daemon);
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
    void clientsPullTheSameImageAtOnceAndEachBlobIsFetchedOnce() {
        Gathering.of(CLIENTS, client -> daemon.ctr("images", "pull", "--plain-http", image))
                .forEach(Programs.Result::ok);
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern("complete \\(3/3\\).*true");
        assertThat(registry.blobsSent()).hasSize(3).doesNotHaveDuplicates();
        assertThat(daemon.ctr("run", "--rm", image, "after", "echo", "ran").ok().out())
                .isEqualTo("ran\n");
        remains.areNoneOnceAllIsDeleted();
    }

    @Test
    void pullsOfTheSameImageByTheDaemonFetchEachBlobOnce() {
        try (Transfers transfers = Transfers.of(daemon)) {
            Gathering.of(PULLS, client -> {
                transfers.pullPlain(image);
                return client;
            });
        }
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern("complete \\(3/3\\).*true");
        assertThat(registry.blobsSent()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(daemon.ctr("run", "--rm", image, "after", "echo", "ran").ok().out())
                .isEqualTo("ran\n");
        remains.areNoneOnceAllIsDeleted();
    }

    @Test
    void containersStartedAtOnceAllRunAndGoAway() {
        daemon.ctr("images", "pull", "--plain-http", image).ok();
        int count = CLIENTS * CONTAINERS_EACH;
        List<Programs.Result> results = Gathering.of(
                count,
                number -> daemon.ctr(
                        "run",
                        "--rm",
                        image,
                        "c" + number,
                        "sh",
                        "-c",
                        "echo here is " + number + "; exit " + number % 100));
        assertThat(results)
                .extracting(Programs.Result::out)
                .containsExactlyElementsOf(IntStream.range(0, count)
                        .mapToObj(n -> "here is " + n + "\n")
                        .toList());
        assertThat(results)
                .extracting(Programs.Result::exit)
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(n -> n % 100).toList());
        assertThat(daemon.ctr("containers", "ls", "-q").ok().lines()).isEmpty();
        remains.areNoneOnceAllIsDeleted();
    }

    @Test
    void containersInTheBackgroundAllRunTogetherAndAreRemovedAtOnce() {
        daemon.ctr("images", "pull", "--plain-http", image).ok();
        int count = CLIENTS * CONTAINERS_EACH;
        Gathering.of(count, number -> daemon.ctr("run", "-d", "--null-io", image, "c" + number, "sleep", "1000"))
                .forEach(Programs.Result::ok);
        assertThat(daemon.ctr("tasks", "ls").ok().lines())
                .filteredOn(line -> line.contains("RUNNING"))
                .hasSize(count);
        Gathering.of(count, number -> daemon.ctr("tasks", "rm", "--force", "c" + number))
                .forEach(result -> assertThat(result.err()).contains("exit code 137"));
        Gathering.of(count, number -> daemon.ctr("containers", "rm", "c" + number))
                .forEach(Programs.Result::ok);
        remains.areNoneOnceAllIsDeleted();
    }
}
