package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.wharf.lib.registry.FaultServer.Handler;
import dev.wharf.lib.registry.FaultServer.Seen;
import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A registry with mirrors, each a server that answers as the test says. */
class MirroredRegistryTest {
    private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final byte[] BLOB = randomBytes(300_000);
    private static final String DIGEST = RemoteDigest.sha256(BLOB);
    private static final BlobRequest WANTED = new BlobRequest("x", DIGEST, BLOB.length);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Semaphore hold = new Semaphore(0);
    private RegistryOptions options = RegistryOptions.of("wharf-test/1").withPause(time -> {});

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() throws Exception {
        hold.release(1000);
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private FaultServer serve(Handler handler) throws IOException {
        FaultServer server = new FaultServer(handler);
        open.add(server);
        return server;
    }

    private FaultServer good() throws IOException {
        return serve((exchange, seen) -> {
            if (seen.path().contains("/manifests/")) {
                manifest(exchange);
            } else {
                FaultServer.blob(exchange, BLOB);
            }
        });
    }

    private FaultServer failing(int status) throws IOException {
        return serve((exchange, seen) -> FaultServer.answer(exchange, status, "no luck"));
    }

    private static void manifest(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", MANIFEST_TYPE);
        exchange.getResponseHeaders().set("Docker-Content-Digest", RemoteDigest.sha256(MANIFEST));
        FaultServer.answer(exchange, 200, MANIFEST);
    }

    private MirroredRegistry registry(RegistryHost... hosts) {
        return registry(Credentials.Provider.NONE, hosts);
    }

    private MirroredRegistry registry(Credentials.Provider credentials, RegistryHost... hosts) {
        MirroredRegistry made = new MirroredRegistry("reg.test:5000", List.of(hosts), credentials, options);
        open.add(made);
        return made;
    }

    private static RegistryHost at(FaultServer server) {
        return server.as("reg.test:5000");
    }

    @Test
    void answerSaysWhichHostGaveItAndWhatTheOthersSaid() throws IOException {
        FaultServer bad = failing(500);
        FaultServer good = good();
        Served<RemoteManifest> served = registry(at(bad), at(good)).manifest("x", "t");
        assertThat(served.value().bytes()).isEqualTo(MANIFEST);
        assertThat(served.host()).isEqualTo(good.base());
        assertThat(served.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.host()).isEqualTo(bad.base()))
                .satisfies(failure -> assertThat(failure.cause()).hasMessageContaining("status 500: no luck"));
        assertThat(bad.requests()).hasSize(1);
    }

    @Test
    void mirrorsAreToldWhoseContentIsWanted() throws IOException {
        FaultServer good = good();
        registry(at(good)).resolve("x", "t");
        registry(good.as(good.authority())).resolve("x", "t");
        assertThat(good.requests())
                .extracting(Seen::target)
                .containsExactly("/v2/x/manifests/t?ns=reg.test%3A5000", "/v2/x/manifests/t");
    }

    @Test
    void failureListsWhatEachHostAnswered() throws IOException {
        FaultServer first = failing(404);
        FaultServer second = failing(403);
        FaultServer third = failing(401);
        assertThatThrownBy(() -> registry(at(first), at(second), at(third)).resolve("x", "t"))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
                .hasMessageContainingAll(
                        "resolve reg.test:5000/x:t",
                        first.authority(),
                        "status 404",
                        second.authority(),
                        "status 403: no luck",
                        third.authority(),
                        "status 401");
    }

    @Test
    void unreachableMirrorIsAskedLastForAWhile() throws IOException {
        FaultServer gone = failing(500);
        gone.close();
        FaultServer good = good();
        MirroredRegistry registry = registry(at(gone), at(good));
        assertThat(registry.resolve("x", "t").failures()).hasSize(1);
        assertThat(registry.resolve("x", "t").failures()).isEmpty();
    }

    @Test
    void hostsAreAskedOnlyForWhatTheyMay() throws IOException {
        FaultServer mirror = good();
        FaultServer own = good();
        RegistryHost pulling = at(mirror).withCapabilities(Set.of(Capability.PULL));
        MirroredRegistry registry = registry(pulling, at(own));
        assertThat(registry.resolve("x", "t").host()).isEqualTo(own.base());
        assertThat(registry.manifest("x", RemoteDigest.sha256(MANIFEST)).host()).isEqualTo(mirror.base());
        assertThat(registry.pushTarget().host().base()).isEqualTo(own.base());
        assertThatThrownBy(() -> registry(pulling).resolve("x", "t")).hasMessageContaining("capabilities");
    }

    @Test
    void credentialsOfTheRegistryDoNotReachAMirror() throws IOException {
        Handler basic = (exchange, seen) -> {
            if (seen.header("Authorization").isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                FaultServer.answer(exchange, 401, "");
            } else {
                manifest(exchange);
            }
        };
        FaultServer mirror = serve(basic);
        List<String> asked = new ArrayList<>();
        Credentials.Provider provider = host -> {
            asked.add(host);
            return host.equals("reg.test:5000") ? Optional.of(new Credentials("me", "secret")) : Optional.empty();
        };
        assertThatThrownBy(() -> registry(provider, at(mirror)).resolve("x", "t"))
                .hasMessageContaining("log in");
        assertThat(asked).containsExactly(mirror.authority());
        assertThat(mirror.requests()).hasSize(1);
    }

    @Test
    void brokenBodyIsResumedWhereItWas() throws IOException {
        FaultServer server = serve((exchange, seen) -> {
            if (seen.header("Range").isEmpty()) {
                exchange.sendResponseHeaders(200, BLOB.length);
                exchange.getResponseBody().write(BLOB, 0, 100_000);
                exchange.getResponseBody().flush();
            } else {
                FaultServer.blob(exchange, BLOB);
            }
        });
        try (VerifyingStream stream = registry(at(server)).verified(WANTED)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
            assertThat(stream.isVerified()).isTrue();
            assertThat(stream.blob().failures()).hasSize(1);
        }
        List<Seen> requests = server.requests();
        assertThat(requests).hasSize(2);
        int from = Integer.parseInt(requests.get(1).header("Range").replaceAll("\\D", ""));
        assertThat(from).isPositive().isLessThanOrEqualTo(100_000);
    }

    @Test
    void bodyThatBreaksAgainAndAgainGoesOnAtTheNextMirror() throws IOException {
        options = options.withRetries(new RegistryOptions.Retries(2, Duration.ofSeconds(1)));
        FaultServer breaking = serve((exchange, seen) -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 1000);
            exchange.getResponseBody().flush();
        });
        FaultServer good = good();
        try (BlobStream stream = registry(at(breaking), at(good)).blob(WANTED, 0)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
            assertThat(stream.servedBy()).containsExactly(breaking.base(), good.base());
        }
        assertThat(breaking.requests()).hasSize(2);
        assertThat(good.requests()).hasSize(1);
        assertThat(good.requests().getFirst().header("Range")).startsWith("bytes=");
    }

    @Test
    void stalledBodyGoesOnAtTheNextMirrorAtOnce() throws IOException {
        options = options.withTimeouts(Duration.ofSeconds(20), Duration.ofMillis(300));
        FaultServer stalling = serve((exchange, seen) -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            exchange.getResponseBody().write(BLOB, 0, 1000);
            exchange.getResponseBody().flush();
            hold.acquireUninterruptibly();
        });
        FaultServer good = good();
        try (BlobStream stream = registry(at(stalling), at(good)).blob(WANTED, 0)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
        }
        assertThat(stalling.requests()).hasSize(1);
    }

    @Test
    void tricklingBodyIsTooSlow() throws IOException {
        options = options.withDeadlines(new RegistryOptions.Deadlines(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20), 1000, Duration.ofMillis(200)));
        FaultServer trickling = serve((exchange, seen) -> {
            exchange.sendResponseHeaders(200, BLOB.length);
            for (int i = 0; i < BLOB.length && !hold.tryAcquire(); i++) {
                exchange.getResponseBody().write(BLOB, i, 1);
                exchange.getResponseBody().flush();
                pause();
            }
        });
        FaultServer good = good();
        try (BlobStream stream = registry(at(trickling), at(good)).blob(WANTED, 0)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
            assertThat(stream.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.cause()).hasMessageContaining("less than 1000 a second"));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void wrongBytesAreFoundAndThatHostIsNotAskedAgain() throws IOException {
        byte[] wrong = BLOB.clone();
        wrong[5]++;
        FaultServer lying = serve((exchange, seen) -> FaultServer.blob(exchange, wrong));
        FaultServer good = good();
        MirroredRegistry registry = registry(at(lying), at(good));
        try (VerifyingStream stream = registry.verified(WANTED)) {
            assertThatThrownBy(stream::readAllBytes)
                    .hasMessageContainingAll(DIGEST, lying.authority(), "wrong bytes")
                    .cause()
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MISMATCH));
        }
        try (VerifyingStream stream = registry.verified(WANTED)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
        }
        registry.distrust(DIGEST, List.of(good.base()));
        assertThatThrownBy(() -> registry.verified(WANTED)).hasMessageContaining("all hosts serve other bytes");
    }

    @Test
    void blobOfAnotherSizeIsRefusedBeforeItIsRead() throws IOException {
        FaultServer other = serve((exchange, seen) -> FaultServer.answer(exchange, 200, "short"));
        FaultServer good = good();
        try (BlobStream stream = registry(at(other), at(good)).blob(WANTED, 0)) {
            assertThat(stream.servedBy()).containsExactly(good.base());
        }
        assertThatThrownBy(() -> registry(at(other)).blob(WANTED, 0))
                .hasMessageContaining("5 bytes instead of " + BLOB.length);
    }

    @Test
    void largeBlobComesInParallelPieces() throws IOException {
        options = options.withRanges(new RegistryOptions.Ranges(50_000, 3));
        AtomicInteger breaks = new AtomicInteger();
        FaultServer server = serve((exchange, seen) -> {
            if (seen.header("Range").startsWith("bytes=110") && breaks.getAndIncrement() == 0) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 110000-159999/" + BLOB.length);
                exchange.sendResponseHeaders(206, 50_000);
                exchange.getResponseBody().write(BLOB, 110_000, 1000);
                exchange.getResponseBody().flush();
            } else {
                FaultServer.blob(exchange, BLOB);
            }
        });
        try (BlobStream stream = registry(at(server)).blob(WANTED, 10_000)) {
            assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(BLOB, 10_000, BLOB.length));
        }
        assertThat(server.requests())
                .extracting(seen -> seen.header("Range"))
                .contains("bytes=10000-59999", "bytes=60000-109999", "bytes=210000-259999", "bytes=260000-")
                .hasSize(7);
    }

    @Test
    void serverWithoutRangesIsReadInOne() throws IOException {
        options = options.withRanges(new RegistryOptions.Ranges(50_000, 3));
        FaultServer server = serve((exchange, seen) -> FaultServer.answer(exchange, 200, BLOB));
        try (VerifyingStream stream = registry(at(server)).verified(WANTED)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
        }
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void piecesThatNobodyHasFailTheStream() throws IOException {
        options = options.withRanges(new RegistryOptions.Ranges(50_000, 3));
        FaultServer server = serve((exchange, seen) -> {
            if (seen.header("Range").startsWith("bytes=0-")) {
                FaultServer.blob(exchange, BLOB);
            } else {
                FaultServer.answer(exchange, 404, "");
            }
        });
        try (BlobStream stream = registry(at(server)).blob(WANTED, 0)) {
            assertThatThrownBy(stream::readAllBytes)
                    .hasMessageContaining("status 404")
                    .hasCauseInstanceOf(RegistryException.class);
        }
    }

    @Test
    void externalAddressIsTriedFirstWithoutCredentials() throws IOException {
        FaultServer external = serve((exchange, seen) -> FaultServer.blob(exchange, BLOB));
        FaultServer own = good();
        URI url = URI.create("http://" + external.authority() + "/some/layer");
        BlobRequest request = new BlobRequest("x", DIGEST, BLOB.length, List.of(url, URI.create("file:///etc/passwd")));
        try (VerifyingStream stream = registry(at(own)).verified(request)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
            assertThat(stream.blob().servedBy()).containsExactly(url);
        }
        assertThat(own.requests()).isEmpty();
        external.close();
        try (InputStream stream = registry(at(own)).verified(request)) {
            assertThat(stream.readAllBytes()).isEqualTo(BLOB);
        }
    }

    @Test
    void digestThatIsNoManifestCanBeABlob() throws IOException {
        FaultServer server = serve((exchange, seen) -> {
            if (seen.path().contains("/blobs/")) {
                FaultServer.blob(exchange, BLOB);
            } else {
                FaultServer.answer(exchange, 404, "");
            }
        });
        assertThat(registry(at(server)).resolve("x", DIGEST).value())
                .isEqualTo(new RemoteDescriptor("application/octet-stream", DIGEST, BLOB.length));
    }

    @Test
    void referrersComeFromTheApiAndElseFromTheTag() throws IOException {
        String index = """
                {"schemaVersion":2,"manifests":[
                 {"mediaType":"%s","digest":"%s","size":3,"artifactType":"sig"},
                 {"mediaType":"%s","digest":"%s","size":4,"artifactType":"sbom"}]}""".formatted(MANIFEST_TYPE, DIGEST, MANIFEST_TYPE, RemoteDigest.sha256(MANIFEST));
        FaultServer modern = serve((exchange, seen) -> FaultServer.answer(exchange, 200, index));
        FaultServer older = serve((exchange, seen) -> {
            boolean tag = seen.path().endsWith("/manifests/" + DIGEST.replace(':', '-'));
            FaultServer.answer(exchange, tag ? 200 : 404, tag ? index : "");
        });
        FaultServer none = failing(404);
        for (FaultServer server : List.of(modern, older)) {
            assertThat(registry(at(server)).referrers("x", DIGEST, "sig").value())
                    .containsExactly(new Referrer(new RemoteDescriptor(MANIFEST_TYPE, DIGEST, 3), "sig"));
            assertThat(registry(at(server)).referrers("x", DIGEST, "").value()).hasSize(2);
        }
        assertThat(modern.requests().getFirst().target()).contains("/referrers/" + DIGEST + "?artifactType=sig");
        assertThat(registry(at(none)).referrers("x", DIGEST, "").value()).isEmpty();
    }

    @Test
    void rightsTheRegistryAsksForAreAskedOfTheTokenServer() throws IOException {
        FaultServer[] self = new FaultServer[1];
        self[0] = serve((exchange, seen) -> {
            if (seen.path().equals("/token")) {
                FaultServer.answer(exchange, 200, "{\"token\":\"good\"}");
            } else if (seen.header("Authorization").equals("Bearer good")) {
                manifest(exchange);
            } else {
                exchange.getResponseHeaders()
                        .set(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + self[0].authority()
                                        + "/token\",scope=\"repository:more:pull\"");
                FaultServer.answer(exchange, 401, "");
            }
        });
        registry(at(self[0])).resolve("x", "t");
        assertThat(self[0].requests().get(1).target())
                .isEqualTo("/token?scope=repository%3Ax%3Apull&scope=repository%3Amore%3Apull");
    }
}
