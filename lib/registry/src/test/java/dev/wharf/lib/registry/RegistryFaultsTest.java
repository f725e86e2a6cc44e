package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a server that answers as each test says. */
class RegistryFaultsTest {
    private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final byte[] BLOB = "0123456789".getBytes(StandardCharsets.UTF_8);

    private final List<Seen> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<HttpServer> servers = new ArrayList<>();
    private HttpServer server;
    private Registry registry;

    /** A request as it arrived. */
    private record Seen(String method, String target, Map<String, List<String>> headers, String body) {
        String header(String name) {
            List<String> values = headers.get(name);
            return values == null ? "" : values.getFirst();
        }
    }

    /** Answers one request. */
    private interface Handler {
        void handle(HttpExchange exchange, Seen seen) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = newServer();
        registry = connect(Credentials.Provider.NONE);
    }

    @AfterEach
    void stop() {
        registry.close();
        servers.forEach(s -> s.stop(0));
        executor.shutdownNow();
    }

    private HttpServer newServer() throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.setExecutor(executor);
        made.start();
        servers.add(made);
        return made;
    }

    private Registry connect(Credentials.Provider credentials) {
        RegistryOptions options = RegistryOptions.of("wharf-test/1").withPause(pauses::add);
        return new Registry(RegistryHost.of(host(server), true), credentials, options);
    }

    private static String host(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void on(HttpServer at, String path, Handler handler) {
        at.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Seen seen = new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body);
            requests.add(seen);
            handler.handle(exchange, seen);
            exchange.close();
        });
    }

    private void on(String path, Handler handler) {
        on(server, path, handler);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean none = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        if (none && body.length > 0) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, none ? -1 : body.length);
        if (!none) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void manifest(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", MANIFEST_TYPE);
        exchange.getResponseHeaders().set("Docker-Content-Digest", RemoteDigest.sha256(MANIFEST));
        answer(exchange, 200, MANIFEST);
    }

    private static void assertFails(Kind kind, ThrowingCallable call, String... texts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .message()
                .contains(texts);
    }

    private static String read(InputStream blob) throws IOException {
        try (blob) {
            return new String(blob.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void requestSaysWhoAsksAndWhatIsAccepted() {
        on("/v2/a/b/manifests/latest", (exchange, seen) -> manifest(exchange));
        RemoteDescriptor resolved = registry.resolve("a/b", "latest");
        assertThat(resolved)
                .isEqualTo(new RemoteDescriptor(MANIFEST_TYPE, RemoteDigest.sha256(MANIFEST), MANIFEST.length));
        assertThat(registry.manifest("a/b", "latest").bytes()).isEqualTo(MANIFEST);
        assertThat(requests).extracting(Seen::method).containsExactly("HEAD", "GET");
        assertThat(requests.getFirst().header("User-agent")).isEqualTo("wharf-test/1");
        assertThat(requests.getFirst().header("Accept"))
                .startsWith("application/vnd.docker.distribution.manifest.v2+json, ")
                .endsWith(", */*");
        assertThat(requests.getFirst().header("Upgrade")).isEmpty();
    }

    @Test
    void headThatTellsTooLittleIsFollowedByGet() {
        on("/v2/x/manifests/bare", (exchange, seen) -> answer(exchange, 200, MANIFEST));
        on("/v2/x/manifests/refused", (exchange, seen) -> {
            if (seen.method().equals("HEAD")) {
                answer(exchange, 405, new byte[0]);
            } else {
                manifest(exchange);
            }
        });
        assertThat(registry.resolve("x", "bare").digest()).isEqualTo(RemoteDigest.sha256(MANIFEST));
        assertThat(registry.resolve("x", "refused").mediaType()).isEqualTo(MANIFEST_TYPE);
    }

    @Test
    void serverErrorsAreTriedAgain() {
        on("/v2/x/manifests/t", (exchange, seen) -> {
            if (requests.size() < 3) {
                answer(exchange, 503, new byte[0]);
            } else {
                manifest(exchange);
            }
        });
        assertThat(registry.manifest("x", "t").descriptor().mediaType()).isEqualTo(MANIFEST_TYPE);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void lastingServerErrorIsReportedWithWhatWasSaid() {
        on(
                "/v2/x/manifests/t",
                (exchange, seen) -> answer(
                        exchange,
                        500,
                        "{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"disk\\nfull\"}]}"
                                .getBytes(StandardCharsets.UTF_8)));
        assertFails(
                Kind.UNAVAILABLE,
                () -> registry.manifest("x", "t"),
                "GET http://" + host(server) + "/v2/x/manifests/t",
                "status 500",
                "UNKNOWN disk full");
        assertThat(requests).hasSize(5);
    }

    @Test
    void retryAfterIsKeptWithinItsBound() {
        on("/v2/x/manifests/t", (exchange, seen) -> {
            String after = requests.size() == 1 ? "7" : "3600";
            exchange.getResponseHeaders().set("Retry-After", after);
            answer(exchange, 429, new byte[0]);
        });
        assertFails(Kind.RATE_LIMITED, () -> registry.manifest("x", "t"), "429", "3600", "wait");
        assertThat(pauses).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void refusalsSayWhatToDo() {
        on("/v2/x/manifests/404", (exchange, seen) -> answer(exchange, 404, new byte[0]));
        on("/v2/x/manifests/403", (exchange, seen) -> answer(exchange, 403, new byte[0]));
        assertFails(Kind.NOT_FOUND, () -> registry.resolve("x", "404"), "status 404", "check the name");
        assertFails(Kind.FORBIDDEN, () -> registry.resolve("x", "403"), "GET", "status 403", "access");
    }

    @Test
    void wrongDigestIsRefused() {
        String digest = "sha256:" + "b".repeat(64);
        on("/v2/x/manifests/", (exchange, seen) -> {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
            answer(exchange, 200, MANIFEST);
        });
        assertFails(Kind.MISMATCH, () -> registry.manifest("x", digest), digest);
        assertFails(Kind.MISMATCH, () -> registry.manifest("x", "tag"), digest);
    }

    @Test
    void oversizedManifestIsRefused() {
        on("/v2/x/manifests/t", (exchange, seen) -> answer(exchange, 200, new byte[4 * 1048 * 1048 + 1]));
        assertFails(Kind.TOO_LARGE, () -> registry.manifest("x", "t"), "larger");
    }

    @Test
    void schema1IsUnsupported() {
        on("/v2/x/manifests/t", (exchange, seen) -> {
            exchange.getResponseHeaders()
                    .set("Content-Type", "application/vnd.docker.distribution.manifest.v1+prettyjws");
            answer(exchange, 200, MANIFEST);
        });
        assertFails(Kind.UNSUPPORTED, () -> registry.resolve("x", "t"), "schema 1");
    }

    private void demandToken(HttpServer at) {
        on(at, "/v2/", (exchange, seen) -> {
            if (seen.header("Authorization").equals("Bearer good")) {
                manifest(exchange);
                return;
            }
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://" + host(server)
                                    + "/token\",service=\"svc\",scope=\"repository:x:pull\"");
            answer(exchange, 401, new byte[0]);
        });
    }

    @Test
    void anonymousTokenIsFetchedOnceAndKept() {
        demandToken(server);
        on(
                "/token",
                (exchange, seen) -> answer(
                        exchange, 200, "{\"token\":\"good\",\"expires_in\":300}".getBytes(StandardCharsets.UTF_8)));
        registry.resolve("x", "one");
        registry.manifest("x", "two");
        assertThat(requests)
                .extracting(Seen::target)
                .containsExactly(
                        "/v2/x/manifests/one",
                        "/token?service=svc&scope=repository%3Ax%3Apull",
                        "/v2/x/manifests/one",
                        "/v2/x/manifests/two");
        assertThat(requests.get(1).header("Authorization")).isEmpty();
    }

    @Test
    void credentialsArePostedAndElseSentByBasic() {
        registry.close();
        registry = connect(host -> Optional.of(new Credentials("me", "s3cret&")));
        demandToken(server);
        on("/token", (exchange, seen) -> {
            if (seen.method().equals("POST")) {
                answer(exchange, 404, new byte[0]);
            } else {
                answer(exchange, 200, "{\"access_token\":\"good\"}".getBytes(StandardCharsets.UTF_8));
            }
        });
        registry.resolve("x", "t");
        assertThat(requests.get(1).body())
                .isEqualTo("grant_type=password&service=svc&client_id=containerd-client"
                        + "&scope=repository%3Ax%3Apull&username=me&password=s3cret%26");
        assertThat(requests.get(2).header("Authorization"))
                .isEqualTo(Authorizer.basic(new Credentials("me", "s3cret&")));
    }

    @Test
    void refreshTokenIsPosted() {
        registry.close();
        registry = connect(host -> Optional.of(new Credentials("", "refresh")));
        demandToken(server);
        on(
                "/token",
                (exchange, seen) ->
                        answer(exchange, 200, "{\"access_token\":\"good\"}".getBytes(StandardCharsets.UTF_8)));
        registry.resolve("x", "t");
        assertThat(requests.get(1).body()).contains("grant_type=refresh_token").contains("refresh_token=refresh");
    }

    @Test
    void refusedTokenIsUnauthorized() {
        demandToken(server);
        on("/token", (exchange, seen) -> answer(exchange, 200, "{\"token\":\"bad\"}".getBytes(StandardCharsets.UTF_8)));
        assertFails(Kind.UNAUTHORIZED, () -> registry.manifest("x", "t"), "status 401", "log in");
        assertThat(requests).hasSize(3);
    }

    @Test
    void credentialsOfAnEncryptedRegistryDoNotLeaveUnencrypted() throws IOException {
        RegistryHost host = RegistryHost.of("reg.test", false);
        RegistryOptions options = RegistryOptions.of("wharf-test/1");
        Challenge challenge = new Challenge("bearer", Map.of("realm", "http://" + host(server) + "/token"));
        try (CloseableHttpClient client = HttpClients.of(host, options)) {
            TokenEndpoint tokens = new TokenEndpoint(new HttpTransport(client, options), host, options);
            Optional<Credentials> secret = Optional.of(new Credentials("me", "secret"));
            assertFails(Kind.UNAUTHORIZED, () -> tokens.fetch(challenge, "scope", secret), "unencrypted", "refused");
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void retryAfterCanBeADate() {
        on("/v2/x/manifests/t", (exchange, seen) -> {
            if (requests.size() > 1) {
                manifest(exchange);
                return;
            }
            exchange.getResponseHeaders().set("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT");
            answer(exchange, 429, new byte[0]);
        });
        assertThat(registry.manifest("x", "t").bytes()).isEqualTo(MANIFEST);
        assertThat(pauses).containsExactly(Duration.ZERO);
    }

    @Test
    void basicChallengeNeedsCredentials() {
        on("/v2/", (exchange, seen) -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
            answer(exchange, 401, new byte[0]);
        });
        assertFails(Kind.UNAUTHORIZED, () -> registry.manifest("x", "t"), host(server), "log in");
    }

    @Test
    void blobRedirectGoesElsewhereWithoutAuthorization() throws IOException {
        HttpServer store = newServer();
        on("/v2/x/blobs/", (exchange, seen) -> {
            if (seen.header("Authorization").isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                answer(exchange, 401, new byte[0]);
                return;
            }
            exchange.getResponseHeaders().set("Location", "http://" + host(store) + "/stored?signature=1");
            answer(exchange, 307, new byte[0]);
        });
        on(store, "/stored", (exchange, seen) -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 4-9/10");
            answer(exchange, 206, Arrays.copyOfRange(BLOB, 4, 10));
        });
        registry.close();
        registry = connect(host -> Optional.of(new Credentials("me", "secret")));
        assertThat(read(registry.blob("x", RemoteDigest.sha256(BLOB), 4))).isEqualTo("456789");
        Seen last = requests.getLast();
        assertThat(last.target()).isEqualTo("/stored?signature=1");
        assertThat(last.header("Authorization")).isEmpty();
        assertThat(last.header("Range")).isEqualTo("bytes=4-");
    }

    @Test
    void redirectsEndAtABound() {
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.getResponseHeaders().set("Location", seen.target());
            answer(exchange, 302, new byte[0]);
        });
        assertFails(Kind.INVALID, () -> registry.blob("x", RemoteDigest.sha256(BLOB), 0), "redirects");
        assertThat(requests).hasSize(6);
    }

    @Test
    void redirectToAnythingButTheWebIsRefused() {
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
            answer(exchange, 302, new byte[0]);
        });
        assertFails(Kind.INVALID, () -> registry.blob("x", RemoteDigest.sha256(BLOB), 0), "refused");
    }

    @Test
    void ignoredRangeIsReadAway() throws IOException {
        on("/v2/x/blobs/", (exchange, seen) -> answer(exchange, 200, BLOB));
        assertThat(read(registry.blob("x", RemoteDigest.sha256(BLOB), 3))).isEqualTo("3456789");
    }

    @Test
    void rangeFromElsewhereIsRefused() {
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-9/10");
            answer(exchange, 206, BLOB);
        });
        assertFails(Kind.UNAVAILABLE, () -> registry.blob("x", RemoteDigest.sha256(BLOB), 3), "range");
    }

    @Test
    void truncatedBlobFailsWhileItIsRead() throws IOException {
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(BLOB);
            exchange.getResponseBody().flush();
        });
        try (InputStream blob = registry.blob("x", RemoteDigest.sha256(BLOB), 0)) {
            assertThatThrownBy(blob::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theRestOfABlobNobodyReadsIsNotWaitedFor() throws Exception {
        CountDownLatch brokenOff = new CountDownLatch(1);
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            try {
                while (true) {
                    exchange.getResponseBody().write(new byte[1 << 16]);
                }
            } catch (IOException e) {
                brokenOff.countDown();
            }
        });
        try (InputStream blob = registry.blob("x", RemoteDigest.sha256(BLOB), 0)) {
            assertThat(blob.read()).isZero();
        }
        assertThat(brokenOff.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptEndsAWaitForAnAnswer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        on("/v2/x/manifests/", (exchange, seen) -> {
            asked.countDown();
            await(never);
        });
        FutureTask<RemoteManifest> call = new FutureTask<>(() -> registry.manifest("x", "t"));
        Thread caller = Thread.ofVirtual().start(call);
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

        caller.interrupt();

        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RegistryException.class)
                .hasMessageContaining("interrupted");
        never.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void stalledBodyAndSilentServerFailAtTheirDeadlines() throws IOException {
        registry.close();
        RegistryOptions options =
                RegistryOptions.of("wharf-test/1").withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(300));
        registry = new Registry(RegistryHost.of(host(server), true), Credentials.Provider.NONE, options);
        on("/v2/x/blobs/", (exchange, seen) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(BLOB);
            exchange.getResponseBody().flush();
            sleep();
        });
        on("/v2/x/manifests/", (exchange, seen) -> sleep());
        try (InputStream blob = registry.blob("x", RemoteDigest.sha256(BLOB), 0)) {
            assertThatThrownBy(blob::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no bytes for");
        }
        assertFails(Kind.TIMEOUT, () -> registry.manifest("x", "t"), "no answer within");
    }

    private static void sleep() {
        try {
            Thread.sleep(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void unreachableRegistryIsUnavailable() {
        server.stop(0);
        assertFails(Kind.UNAVAILABLE, () -> registry.resolve("x", "t"), host(server), "cannot reach");
        assertThat(pauses).hasSize(4);
    }

    @Test
    void interruptEndsACall() {
        on("/v2/x/manifests/", (exchange, seen) -> sleep());
        Thread.currentThread().interrupt();
        try {
            assertFails(Kind.INTERRUPTED, () -> registry.manifest("x", "t"), "interrupted");
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void namesThatCouldBendTheUrlAreRefused() {
        String digest = RemoteDigest.sha256(BLOB);
        assertFails(Kind.INVALID, () -> registry.manifest("../x", "t"), "not valid");
        assertFails(Kind.INVALID, () -> registry.manifest("x", "../../y"), "not a digest");
        assertFails(Kind.INVALID, () -> registry.manifest("x?y", digest), "not valid");
        assertFails(Kind.INVALID, () -> registry.blob("x", "sha256:../..", 0), "not a digest");
        assertThat(requests).isEmpty();
    }

    @Test
    void hostsHaveTheirUsualPlaces() {
        assertThat(RegistryHost.of("docker.io", false).base()).hasToString("https://registry-1.docker.io/v2/");
        assertThat(RegistryHost.of("reg.test", true).base()).hasToString("http://reg.test/v2/");
        assertThat(RegistryHost.of("localhost:5000", false).base()).hasToString("http://localhost:5000/v2/");
        assertThat(RegistryHost.of("localhost:443", false).base()).hasToString("https://localhost:443/v2/");
        assertThat(RegistryHost.of("localhost", false).base()).hasToString("https://localhost/v2/");
    }
}
