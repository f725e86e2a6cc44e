package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against Debian's docker-registry with an image pushed by skopeo. */
class DockerRegistryTest {
    private static final byte[] LAYER =
            "not really a layer, but ten thousand bytes ".repeat(250).getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONFIG =
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
                    .formatted(RemoteDigest.sha256(LAYER))
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path dir;

    private static Process server;
    private static int port;
    private static Registry registry;

    @BeforeAll
    static void startAndPush() throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(
                dir.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(Files.createDirectory(dir.resolve("storage")), port));
        server = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        awaitPort();
        push();
        registry = new Registry(
                RegistryHost.of("127.0.0.1:" + port, true),
                Credentials.Provider.NONE,
                RegistryOptions.of("wharf-test/1"));
    }

    private static void awaitPort() throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.isConnected()).isTrue();
                return;
            } catch (IOException e) {
                if (!server.isAlive() || Instant.now().isAfter(end)) {
                    throw new AssertionError("docker-registry: " + Files.readString(dir.resolve("log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private static void push() throws IOException, InterruptedException {
        Path layout = dir.resolve("layout");
        Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        byte[] manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
                "config":%s,"layers":[%s]}""".formatted(
                        put(layout, "application/vnd.oci.image.config.v1+json", CONFIG),
                        put(layout, "application/vnd.oci.image.layer.v1.tar", LAYER))
                .getBytes(StandardCharsets.UTF_8);
        String entry = put(layout, "application/vnd.oci.image.manifest.v1+json", manifest);
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + entry + "]}");
        Process skopeo = new ProcessBuilder(
                        "skopeo",
                        "--insecure-policy",
                        "copy",
                        "-q",
                        "--preserve-digests",
                        "--dest-tls-verify=false",
                        "oci:" + layout,
                        "docker://127.0.0.1:" + port + "/some/image:v1")
                .redirectErrorStream(true)
                .start();
        String output = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(skopeo.waitFor()).as(output).isZero();
    }

    private static String put(Path layout, String mediaType, byte[] blob) throws IOException {
        String digest = RemoteDigest.sha256(blob);
        Files.write(layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())), blob);
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}".formatted(mediaType, digest, blob.length);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (registry != null) {
            registry.close();
        }
        server.destroy();
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void imageIsPulledByTagAndByDigest() throws IOException {
        RemoteDescriptor resolved = registry.resolve("some/image", "v1");
        assertThat(resolved.mediaType()).isEqualTo("application/vnd.oci.image.manifest.v1+json");
        RemoteManifest document = registry.manifest("some/image", resolved.digest());
        assertThat(document.descriptor()).isEqualTo(resolved);
        ImageManifest manifest = ImageManifest.parse(document.bytes());
        assertThat(manifest.layers()).hasSize(1);
        try (InputStream config = registry.blob("some/image", manifest.config().digest(), 0)) {
            assertThat(config.readAllBytes()).isEqualTo(CONFIG);
        }
        try (InputStream layer =
                registry.blob("some/image", manifest.layers().getFirst().digest(), 0)) {
            assertThat(layer.readAllBytes()).isEqualTo(LAYER);
        }
    }

    @Test
    void blobIsResumed() throws IOException {
        for (long offset : List.of(1L, 5000L, LAYER.length - 1L)) {
            try (InputStream layer = registry.blob("some/image", RemoteDigest.sha256(LAYER), offset)) {
                assertThat(layer).hasBinaryContent(Arrays.copyOfRange(LAYER, (int) offset, LAYER.length));
            }
        }
        assertThatThrownBy(() -> registry.blob("some/image", RemoteDigest.sha256(LAYER), LAYER.length + 10L))
                .isInstanceOf(RegistryException.class);
    }

    @Test
    void unknownNamesAreNotFound() {
        assertNotFound(() -> registry.resolve("some/image", "missing"));
        assertNotFound(() -> registry.manifest("no/image", "v1"));
        assertNotFound(() -> registry.blob("some/image", "sha256:" + "0".repeat(64), 0));
    }

    private static void assertNotFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("127.0.0.1:" + port);
    }
}
