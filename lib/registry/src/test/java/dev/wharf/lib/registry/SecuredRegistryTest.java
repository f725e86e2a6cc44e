package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.registry.Registry.PushOutcome;
import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.tls.HostTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's docker-registry with TLS and htpasswd, and a second one that mirrors it by pulling through. */
class SecuredRegistryTest {
    private static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final RegistryOptions OPTIONS = RegistryOptions.of("wharf-test/1")
            .withPause(time -> {})
            .withRanges(new RegistryOptions.Ranges(64 << 10, 4));
    private static final Credentials.Provider LOGIN = host -> Optional.of(new Credentials("me", "s3cret"));
    private static final byte[] LAYER = new byte[1_000_000];
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

    /** What htpasswd -B makes of the password. */
    private static final String HASH = "$2b$04$gOBZAZSRKE.8qJsDi7w6MePofdE3yVm2bVJ2NqMJ9s46n/xpesaaK";

    @TempDir
    static Path dir;

    private static DockerRegistryProcess secured;
    private static DockerRegistryProcess upstream;
    private static DockerRegistryProcess mirror;
    private static RegistryHost own;

    @BeforeAll
    static void startAndPush() throws Exception {
        TestCertificate certificate = new TestCertificate(dir, "reg", "ip:127.0.0.1");
        Path users = Files.writeString(dir.resolve("users"), "me:" + HASH + "\n");
        String tls = "  tls: {certificate: %s, key: %s}\n".formatted(certificate.certificate(), certificate.key());
        String login = "auth: {htpasswd: {realm: r, path: %s}}\n".formatted(users);
        secured = new DockerRegistryProcess(dir, "secured", "content", tls, login, certificate.certificate());
        // The same content without a login, as this registry's mirrors cannot log in by basic authentication.
        upstream = new DockerRegistryProcess(dir, "upstream", "content", tls, "", certificate.certificate());
        mirror = new DockerRegistryProcess(
                dir,
                "mirror",
                "mirrored",
                "",
                "proxy: {remoteurl: \"https://%s\"}\n".formatted(upstream.authority()),
                certificate.certificate());
        own = new RegistryHost(secured.authority(), URI.create("https://" + secured.authority() + "/v2/"), Map.of())
                .withTls(new HostTls(List.of(certificate.certificate()), List.of(), null));
        new Random(1).nextBytes(LAYER);
        push("some/image");
    }

    private static RemoteDescriptor blob(byte[] bytes) {
        return new RemoteDescriptor("application/octet-stream", RemoteDigest.sha256(bytes), bytes.length);
    }

    private static byte[] manifest() {
        return """
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
                 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}""".formatted(
                        OCI_MANIFEST,
                        blob(CONFIG).digest(),
                        CONFIG.length,
                        blob(LAYER).digest(),
                        LAYER.length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void push(String repository) {
        try (MirroredRegistry client = client(LOGIN, own)) {
            Registry target = client.pushTarget();
            for (byte[] bytes : List.of(LAYER, CONFIG)) {
                assertThat(target.push(repository, blob(bytes), () -> new ByteArrayInputStream(bytes), List.of()))
                        .isEqualTo(PushOutcome.UPLOADED);
            }
            target.putManifest(repository, "v1", OCI_MANIFEST, manifest());
        }
    }

    private static MirroredRegistry client(Credentials.Provider credentials, RegistryHost... hosts) {
        return new MirroredRegistry(secured.authority(), List.of(hosts), credentials, OPTIONS);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (mirror != null) {
            mirror.close();
        }
        if (upstream != null) {
            upstream.close();
        }
        if (secured != null) {
            secured.close();
        }
    }

    private static RegistryHost mirrorHost() {
        return new RegistryHost(secured.authority(), URI.create("http://" + mirror.authority() + "/v2/"), Map.of())
                .withCapabilities(Set.of(Capability.PULL, Capability.RESOLVE));
    }

    @Test
    void pushedImageIsPulledInParallelPieces() throws IOException {
        try (MirroredRegistry client = client(LOGIN, own)) {
            RemoteDescriptor resolved = client.resolve("some/image", "v1").value();
            assertThat(resolved)
                    .isEqualTo(new RemoteDescriptor(OCI_MANIFEST, RemoteDigest.sha256(manifest()), manifest().length));
            try (VerifyingStream layer =
                    client.verified(new BlobRequest("some/image", blob(LAYER).digest(), LAYER.length))) {
                assertThat(layer.readAllBytes()).isEqualTo(LAYER);
            }
        }
    }

    @Test
    void blobsThatAreThereAreNotSentAgain() {
        try (MirroredRegistry client = client(LOGIN, own)) {
            Registry target = client.pushTarget();
            BlobContent never = () -> {
                throw new IOException("not to be read");
            };
            assertThat(target.push("some/image", blob(LAYER), never, List.of())).isEqualTo(PushOutcome.PRESENT);
            assertThat(target.push("other/image", blob(LAYER), never, List.of("no/such", "some/image")))
                    .isEqualTo(PushOutcome.MOUNTED);
        }
    }

    @Test
    void wrongOrNoPasswordIsUnauthorized() {
        Credentials.Provider wrong = host -> Optional.of(new Credentials("me", "wr0ng"));
        for (Credentials.Provider credentials : List.of(wrong, Credentials.Provider.NONE)) {
            try (MirroredRegistry client = client(credentials, own)) {
                assertThatThrownBy(() -> client.resolve("some/image", "v1"))
                        .isInstanceOfSatisfying(
                                RegistryException.class,
                                e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED))
                        .hasMessageContainingAll(secured.authority(), "log in")
                        .hasMessageNotContaining("wr0ng");
            }
        }
    }

    @Test
    void mirrorPullsThroughAndMayGoAway() throws Exception {
        BlobRequest layer = new BlobRequest("some/image", blob(LAYER).digest(), LAYER.length);
        try (MirroredRegistry client = client(LOGIN, mirrorHost(), own)) {
            Served<RemoteDescriptor> resolved = client.resolve("some/image", "v1");
            assertThat(resolved.host())
                    .as(resolved.failures().toString())
                    .isEqualTo(mirrorHost().base());
            try (VerifyingStream stream = client.verified(layer)) {
                assertThat(stream.readAllBytes()).isEqualTo(LAYER);
                assertThat(stream.blob().servedBy())
                        .containsExactly(mirrorHost().base());
            }
        }
        DockerRegistryProcess gone = mirror;
        RegistryHost stopped = mirrorHost();
        gone.close();
        try (MirroredRegistry client = client(LOGIN, stopped, own);
                VerifyingStream stream = client.verified(layer)) {
            assertThat(stream.readAllBytes()).isEqualTo(LAYER);
            assertThat(stream.blob().servedBy()).containsExactly(own.base());
        }
    }
}
