package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.proxy.ProxyAddress;
import dev.wharf.lib.registry.proxy.ProxySettings;
import dev.wharf.lib.registry.tls.TlsContext;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.client5.http.auth.AuthSchemeFactory;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.StandardAuthScheme;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.auth.BasicSchemeFactory;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP clients that do one request as told: redirects, attempts, rights of registries and decompression are up to
 * their caller. Each request has a connection of its own; those that were read to the end are used again.
 */
final class HttpClients {
    /** More than there are downloads at once, so that nobody waits for a connection. */
    private static final int CONNECTIONS = 1024;

    /** Bounds of an answer's header: bytes of a line, and lines. */
    private static final int LINE_BYTES = 1 << 16;

    private static final int LINES = 1_000;

    private static final Lookup<AuthSchemeFactory> BASIC_ALONE = RegistryBuilder.<AuthSchemeFactory>create()
            .register(StandardAuthScheme.BASIC, BasicSchemeFactory.INSTANCE)
            .build();

    private HttpClients() {}

    static CloseableHttpClient of(RegistryHost host, RegistryOptions options) {
        ProxySettings proxies = options.proxies();
        return HttpClientBuilder.create()
                .setConnectionManager(connections(host, options))
                .setRoutePlanner(new Routes(proxies))
                .setDefaultAuthSchemeRegistry(BASIC_ALONE)
                .setDefaultCredentialsProvider((scope, context) -> login(proxies, scope))
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableConnectionState()
                .disableContentCompression()
                .disableCookieManagement()
                .disableDefaultUserAgent()
                .disableRedirectHandling()
                .build();
    }

    private static HttpClientConnectionManager connections(RegistryHost host, RegistryOptions options) {
        Duration dial = host.dialTimeout();
        Http1Config bounds = Http1Config.custom()
                .setMaxLineLength(LINE_BYTES)
                .setMaxHeaderCount(LINES)
                .build();
        try {
            // The JDK's own check of the name, which knows the hosts that are not verified.
            DefaultClientTlsStrategy tls = new DefaultClientTlsStrategy(
                    TlsContext.of(host.tls()), HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE);
            return PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(tls)
                    .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                            .http1Config(bounds)
                            .responseOutOfOrderStrategy(MonitoringResponseOutOfOrderStrategy.INSTANCE)
                            .build())
                    .setDefaultConnectionConfig(ConnectionConfig.custom()
                            .setConnectTimeout(Timeout.of(
                                    dial == null ? options.deadlines().connect() : dial))
                            .build())
                    .setMaxConnPerRoute(CONNECTIONS)
                    .setMaxConnTotal(CONNECTIONS)
                    .build();
        } catch (IOException e) {
            throw new RegistryException(
                    Kind.INVALID, "TLS settings of " + host.base().getAuthority() + ": " + e.getMessage(), e);
        }
    }

    /** The user and password of a proxy, for nobody else. */
    private static @Nullable Credentials login(ProxySettings proxies, AuthScope scope) {
        return Stream.of(proxies.https(), proxies.http())
                .filter(Objects::nonNull)
                .filter(proxy -> proxy.user() != null && isOf(proxy, scope))
                .findFirst()
                .map(proxy -> new UsernamePasswordCredentials(
                        proxy.user(), proxy.password().toCharArray()))
                .orElse(null);
    }

    private static boolean isOf(ProxyAddress proxy, AuthScope scope) {
        return proxy.host().equalsIgnoreCase(scope.getHost()) && proxy.port() == scope.getPort();
    }

    private static Optional<ProxyAddress> proxy(ProxySettings proxies, HttpHost target) {
        return proxies.of(URI.create(target.toURI()));
    }

    /** Leads through the proxies, as the settings have them. */
    private static final class Routes extends DefaultRoutePlanner {
        private final ProxySettings proxies;

        Routes(ProxySettings proxies) {
            super(DefaultSchemePortResolver.INSTANCE);
            this.proxies = proxies;
        }

        @Override
        protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
            return proxy(proxies, target)
                    .map(proxy -> new HttpHost("http", proxy.host(), proxy.port()))
                    .orElse(null);
        }
    }
}
