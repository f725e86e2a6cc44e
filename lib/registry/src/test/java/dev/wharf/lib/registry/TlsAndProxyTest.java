package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import dev.wharf.lib.registry.FaultServer.Handler;
import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.proxy.ProxySettings;
import dev.wharf.lib.registry.tls.HostTls;
import dev.wharf.lib.registry.tls.HostTls.ClientPair;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted registries with certificates of keytool, and proxies on the way. */
class TlsAndProxyTest {
    private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    private static final Handler GOOD = (exchange, seen) -> {
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
        FaultServer.answer(exchange, 200, MANIFEST);
    };

    @TempDir
    static Path dir;

    private static TestCertificate good;
    private static TestCertificate otherName;

    private final List<AutoCloseable> open = new ArrayList<>();
    private RegistryOptions options = RegistryOptions.of("wharf-test/1").withPause(time -> {});

    @BeforeAll
    static void certificates() throws Exception {
        good = new TestCertificate(dir, "good", "dns:reg.test,ip:127.0.0.1");
        otherName = new TestCertificate(dir, "other", "dns:other.test");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private FaultServer encrypted(TestCertificate certificate) throws Exception {
        FaultServer server = FaultServer.encrypted(new HttpsConfigurator(certificate.server()), GOOD);
        open.add(server);
        return server;
    }

    private static HostTls trusting(TestCertificate certificate) {
        return new HostTls(List.of(certificate.certificate()), List.of(), null);
    }

    private RemoteDescriptor resolve(RegistryHost host) {
        Registry registry = new Registry(host, Credentials.Provider.NONE, options);
        open.add(registry);
        return registry.resolve("x", "t");
    }

    private void assertRefused(RegistryHost host, String advice) {
        assertThatThrownBy(() -> resolve(host))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContainingAll(host.base().getAuthority(), "TLS", advice);
    }

    @Test
    void certificateIsBelievedByItsAuthorityOrUnseen() throws Exception {
        RegistryHost host = encrypted(good).as("reg.test");
        assertThat(resolve(host.withTls(trusting(good))).size()).isEqualTo(MANIFEST.length);
        assertThat(resolve(host.withTls(HostTls.UNVERIFIED)).size()).isEqualTo(MANIFEST.length);
        assertThat(resolve(encrypted(otherName).as("reg.test").withTls(HostTls.UNVERIFIED))
                        .size())
                .isEqualTo(MANIFEST.length);
    }

    @Test
    void badCertificatesAreRefusedWithAdvice() throws Exception {
        assertRefused(encrypted(good).as("reg.test"), "give its file as ca");
        assertRefused(encrypted(otherName).as("reg.test").withTls(trusting(otherName)), "for another name");
        SSLException expired = new SSLHandshakeException("PKIX path validation failed");
        expired.initCause(new CertificateExpiredException("NotAfter: Mon Jan 01 00:00:00 UTC 2024"));
        assertThat(ConnectionFailures.explain(expired)).startsWith("TLS: ").contains("not valid now", "clock");
    }

    @Test
    void aServerThatHangsUpMayWantAClientCertificate() {
        assertThat(ConnectionFailures.explainEncrypted(new java.net.SocketException("Broken pipe")))
                .contains("Broken pipe", "client certificate", "hosts.toml");
        assertThat(ConnectionFailures.explainEncrypted(new java.net.ConnectException("Connection refused")))
                .doesNotContain("client certificate");
    }

    @Test
    void missingAuthorityFileIsNamed() throws Exception {
        HostTls tls = new HostTls(List.of(dir.resolve("absent.pem")), List.of(), null);
        RegistryHost host = encrypted(good).as("reg.test").withTls(tls);
        assertThatThrownBy(() -> resolve(host))
                .hasMessageContainingAll(host.base().getAuthority(), "absent.pem");
    }

    @Test
    void clientCertificateIsShown() throws Exception {
        FaultServer server = FaultServer.encrypted(
                new HttpsConfigurator(good.server()) {
                    @Override
                    public void configure(com.sun.net.httpserver.HttpsParameters parameters) {
                        var wanted = getSSLContext().getDefaultSSLParameters();
                        wanted.setNeedClientAuth(true);
                        parameters.setSSLParameters(wanted);
                    }
                },
                GOOD);
        open.add(server);
        HostTls with =
                new HostTls(List.of(good.certificate()), List.of(new ClientPair(good.certificate(), good.key())), null);
        assertThat(resolve(server.as("reg.test").withTls(with)).size()).isEqualTo(MANIFEST.length);
        assertThatThrownBy(() -> resolve(server.as("reg.test").withTls(trusting(good))))
                .hasMessageContaining("client certificate");
    }

    @Test
    void plainServerBehindAnEncryptedUrlIsNamedAsSuch() throws Exception {
        FaultServer plain = new FaultServer(GOOD);
        open.add(plain);
        RegistryHost host = new RegistryHost("reg.test", URI.create("https://" + plain.authority() + "/v2/"), Map.of());
        options = options.withTimeouts(java.time.Duration.ofSeconds(3), java.time.Duration.ofSeconds(3));
        assertThatThrownBy(() -> resolve(host)).hasMessageContaining(plain.authority());
    }

    @Test
    void registryOnThisMachineIsTriedEncryptedThenPlain() throws Exception {
        FaultServer encrypted = encrypted(good);
        FaultServer plain = new FaultServer(GOOD);
        open.add(plain);
        assertThat(resolve(RegistryHost.of(encrypted.authority(), false)).size())
                .isEqualTo(MANIFEST.length);
        assertThat(resolve(RegistryHost.of(plain.authority(), false)).size()).isEqualTo(MANIFEST.length);
        assertThat(plain.requests()).hasSize(2);
    }

    @Test
    void registryAndProxyThatBothWantALoginEachGetTheirOwn() throws Exception {
        FaultServer server = FaultServer.encrypted(new HttpsConfigurator(good.server()), (exchange, seen) -> {
            if (seen.header("Authorization").isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
                FaultServer.answer(exchange, 401, "");
            } else {
                GOOD.handle(exchange, seen);
            }
        });
        open.add(server);
        ForwardProxy proxy = proxy(server, "Basic bWU6cEBzcw==");
        through("HTTPS_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.port());
        RegistryHost host =
                new RegistryHost("reg.test", URI.create("https://reg.test/v2/"), Map.of()).withTls(trusting(good));
        Credentials login = new Credentials("you", "secret");
        Registry registry = new Registry(host, name -> Optional.of(login), options);
        open.add(registry);
        assertThat(registry.resolve("x", "t").size()).isEqualTo(MANIFEST.length);
        assertThat(Set.copyOf(proxy.seen())).containsExactly("CONNECT reg.test:443 HTTP/1.1");
        assertThat(server.requests())
                .allSatisfy(seen -> assertThat(seen.headers()).doesNotContainKey("Proxy-authorization"));
        assertThat(server.requests().getLast().header("Authorization")).isEqualTo(Authorizer.basic(login));
    }

    @Test
    void plainRegistryIsReachedThroughTheProxy() throws Exception {
        FaultServer server = new FaultServer(GOOD);
        open.add(server);
        ForwardProxy proxy = proxy(server, "");
        through("HTTP_PROXY", "127.0.0.1:" + proxy.port());
        assertThat(resolve(RegistryHost.of("reg.test", true)).size()).isEqualTo(MANIFEST.length);
        assertThat(proxy.seen().getFirst()).isEqualTo("HEAD http://reg.test/v2/x/manifests/t HTTP/1.1");
    }

    @Test
    void proxyThatWantsALoginIsNamedWithAdvice() throws Exception {
        FaultServer server = encrypted(good);
        ForwardProxy proxy = proxy(server, "Basic nobody");
        through("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
        assertThatThrownBy(() -> resolve(RegistryHost.of("reg.test", false)))
                .hasMessageContainingAll("reg.test", "127.0.0.1:" + proxy.port(), "407", "HTTPS_PROXY");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void hostsOutsideOfTheProxyAreReachedDirectly() throws Exception {
        FaultServer server = encrypted(good);
        ForwardProxy proxy = proxy(server, "");
        through("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
        assertThat(resolve(server.as("reg.test").withTls(trusting(good))).size())
                .isEqualTo(MANIFEST.length);
        assertThat(proxy.seen()).isEmpty();
    }

    private ForwardProxy proxy(FaultServer server, String login) throws Exception {
        ForwardProxy proxy = new ForwardProxy(server.port(), login);
        open.add(proxy);
        return proxy;
    }

    private void through(String variable, String value) {
        options = options.withProxies(ProxySettings.ofEnvironment(Map.of(variable, value)));
    }
}
