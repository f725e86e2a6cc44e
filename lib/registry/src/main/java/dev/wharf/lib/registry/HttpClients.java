package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.proxy.ProxySettings;
import dev.wharf.lib.registry.tls.TlsContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** Makes the JDK's HTTP client for one host. */
final class HttpClients {
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    static {
        // The JDK refuses basic authentication to proxies of encrypted requests unless told; it reads this once.
        if (System.getProperty(TUNNEL_SCHEMES) == null) {
            System.setProperty(TUNNEL_SCHEMES, "");
        }
    }

    private HttpClients() {}

    static HttpClient of(RegistryHost host, RegistryOptions options, Executor executor) {
        Duration dial = host.dialTimeout();
        // HTTP/1.1, so that each blob has a connection, and a flow control, of its own.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(dial == null ? options.deadlines().connect() : dial)
                .proxy(new Selector(options.proxies()))
                .executor(executor);
        try {
            builder.sslContext(TlsContext.of(host.tls()));
        } catch (IOException e) {
            throw new RegistryException(
                    Kind.INVALID, "TLS settings of " + host.base().getAuthority() + ": " + e.getMessage(), e);
        }
        return builder.build();
    }

    /** The proxy settings as the JDK asks for them. */
    private static final class Selector extends ProxySelector {
        private final ProxySettings settings;

        Selector(ProxySettings settings) {
            this.settings = settings;
        }

        @Override
        public List<Proxy> select(URI url) {
            return List.of(settings.of(url)
                    .map(proxy -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())))
                    .orElse(Proxy.NO_PROXY));
        }

        @Override
        public void connectFailed(URI url, SocketAddress address, IOException e) {}
    }
}
