package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wharf.e2e.FaultyRegistry.Fault;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pulls from registries that fail in every way they can: an end in good time that says what failed where and what to do,
 * the next mirror where there is one, and a later pull that goes on where the failed one stopped.
 */
final class FaultyRegistryTest {
    /** Enough that half of it is kept although the daemon writes in pieces of 1 MiB. */
    private static final int LAYER_BYTES = 5 << 20;

    private static Path directory;
    private static Daemon daemon;
    private static Transfers transfers;
    private static ImageArchive image;

    private FaultyRegistry faulty;
    private FaultyRegistry good;

    /**
     * One way to fail.
     *
     * @param code what the client is told
     * @param texts what the message says, beside the host
     */
    private record Failure(String name, Fault fault, Status.Code code, List<String> texts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Failure> failures() {
        String manifest = "/v2/some/image/manifests/latest";
        String blob = "/v2/some/image/blobs/sha256:";
        return Stream.of(
                new Failure(
                        "status 500",
                        FaultyRegistry.status(500),
                        Status.Code.ABORTED,
                        List.of(manifest, "status 500", "try again later")),
                new Failure(
                        "status 401",
                        FaultyRegistry.status(401, "WWW-Authenticate", "Basic realm=\"r\""),
                        Status.Code.UNAUTHENTICATED,
                        List.of(manifest, "log in")),
                new Failure(
                        "status 404",
                        FaultyRegistry.status(404),
                        Status.Code.NOT_FOUND,
                        List.of(manifest, "status 404", "check the name and the tag")),
                new Failure(
                        "status 429, for a while",
                        FaultyRegistry.status(429, "Retry-After", "1"),
                        Status.Code.RESOURCE_EXHAUSTED,
                        List.of(manifest, "status 429", "Retry-After: 1", "wait, or log in")),
                new Failure(
                        "status 429, for long",
                        FaultyRegistry.status(429, "Retry-After", "7200"),
                        Status.Code.RESOURCE_EXHAUSTED,
                        List.of(manifest, "status 429", "Retry-After: 7200", "wait, or log in")),
                new Failure(
                        "no answer",
                        FaultyRegistry.silence(),
                        Status.Code.DEADLINE_EXCEEDED,
                        List.of(manifest, "no answer within", "check the network")),
                new Failure(
                        "other bytes",
                        FaultyRegistry.otherBytes(),
                        Status.Code.DATA_LOSS,
                        List.of(blob, "sent something else", "have the registry repaired")),
                new Failure(
                        "a body that stops half way",
                        FaultyRegistry.halves(),
                        Status.Code.ABORTED,
                        List.of(blob, "cannot reach the registry", "try again")),
                new Failure(
                        "a body that stalls half way",
                        FaultyRegistry.stalling(),
                        Status.Code.DEADLINE_EXCEEDED,
                        List.of(blob, "no answer within", "try again later")),
                new Failure(
                        "a body that trickles",
                        FaultyRegistry.trickling(),
                        Status.Code.UNAVAILABLE,
                        List.of("sha256:", "less than 1000 a second")),
                new Failure(
                        "redirects in a circle",
                        FaultyRegistry.circle(),
                        Status.Code.INVALID_ARGUMENT,
                        List.of(blob, "more than 5 redirects", "in a circle")));
    }

    @BeforeAll
    static void startDaemon() {
        try {
            directory = Files.createTempDirectory("wharf-test-faulty-");
            Path config = Files.writeString(directory.resolve("config.toml"), """
                    version = 3
                    [plugins.'io.containerd.transfer.v1.local'.registry]
                    connect_timeout = "2s"
                    answer_timeout = "2s"
                    idle_timeout = "2s"
                    least_rate = 1000
                    rate_window = "2s"
                    attempts = 2
                    """);
            daemon = Daemon.launchIn("wharf-faulty", "--config", config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        transfers = Transfers.of(daemon);
        byte[] random = new byte[LAYER_BYTES];
        new Random(Settings.seed()).nextBytes(random);
        image = new ImageArchive(
                "unused",
                ImageArchive.Layer.plain(new TarWriter().file("random", random).bytes()));
    }

    @AfterAll
    static void stopDaemon() {
        try {
            transfers.close();
            daemon.close();
        } finally {
            Programs.run("rm", "-rf", directory.toString());
        }
    }

    @BeforeEach
    void startRegistries() {
        faulty = FaultyRegistry.start().with(image);
        good = FaultyRegistry.start().with(image);
    }

    @AfterEach
    void stopRegistries() {
        faulty.close();
        good.close();
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private static HostsDirectory only(FaultyRegistry registry) {
        return HostsDirectory.in(directory)
                .with(registry.host(), "server = \"http://%s\"\n".formatted(registry.host()));
    }

    private static HostsDirectory mirrored(FaultyRegistry registry, String mirror) {
        return HostsDirectory.in(directory).with(registry.host(), """
                        server = "http://%s"
                        [host."%s"]
                        capabilities = ["pull", "resolve"]
                        """.formatted(registry.host(), mirror));
    }

    private static void isComplete() {
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern("complete \\(2/2\\).*true");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theFailureIsToldAndALaterPullSucceeds(Failure failure) {
        faulty.fails(failure.fault());
        Status status = Status.fromThrowable(catchThrowable(() -> transfers.pull(faulty.image(), only(faulty))));
        assertThat(status.getDescription()).contains(faulty.host()).contains(failure.texts());
        assertThat(status.getCode()).as(status.getDescription()).isEqualTo(failure.code());
        assertThat(daemon.ctr("images", "ls", "-q").ok().lines()).isEmpty();
        faulty.heals();
        transfers.pull(faulty.image(), only(faulty));
        isComplete();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theNextHostIsAsked(Failure failure) {
        faulty.fails(failure.fault());
        transfers.pull(good.image(), mirrored(good, "http://" + faulty.host()));
        isComplete();
        assertThat(faulty.requests()).as("requests to the mirror").isNotEmpty();
    }

    @Test
    void aMirrorThatNobodyVouchesForIsPassedOver() {
        try (FaultyRegistry strange =
                FaultyRegistry.encrypted(Authority.in(daemon.directory())).with(image)) {
            transfers.pull(good.image(), mirrored(good, "https://" + strange.host()));
            isComplete();
            assertThat(strange.requests()).isEmpty();
        }
    }

    @Test
    void theDaemonGoesOnWhereABrokenPullStopped() {
        faulty.fails(FaultyRegistry.halves());
        assertThat(catchThrowable(() -> transfers.pull(faulty.image(), only(faulty))))
                .isNotNull();
        faulty.heals();
        transfers.pull(faulty.image(), only(faulty));
        isComplete();
        askedOnlyForTheRestOfTheLayer();
    }

    /** What it has is not kept: its lease ends with it, and garbage is collected, as with containerd. */
    @Test
    void ctrPullsAgainAfterABrokenPull() {
        faulty.fails(FaultyRegistry.halves());
        daemon.ctr("images", "pull", "--plain-http", faulty.image()).fails();
        faulty.heals();
        daemon.ctr("images", "pull", "--plain-http", faulty.image()).ok();
        isComplete();
    }

    private void askedOnlyForTheRestOfTheLayer() {
        List<FaultyRegistry.Seen> layer = faulty.requests().stream()
                .filter(seen -> seen.isBlob() && !seen.range().isEmpty())
                .toList();
        assertThat(layer).as("%s", faulty.requests()).hasSize(1);
        assertThat(layer.getFirst().range()).matches("bytes=[1-9][0-9]{5,}-.*");
        assertThat(faulty.requests().stream()
                        .filter(seen -> seen.path().equals(layer.getFirst().path())))
                .hasSize(1);
    }
}
