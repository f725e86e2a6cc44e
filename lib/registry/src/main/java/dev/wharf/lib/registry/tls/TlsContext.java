package dev.wharf.lib.registry.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the JDK's TLS context from a {@link HostTls}. */
public final class TlsContext {
    private TlsContext() {}

    /** Reads the files and makes the context; the error names the file that is missing or no good. */
    public static SSLContext of(HostTls tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls.clients()), trust(tls), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(HostTls tls) throws IOException, GeneralSecurityException {
        if (tls.skipsVerification()) {
            return new TrustManager[] {new Unverified()};
        }
        List<X509Certificate> believed = new ArrayList<>(SystemTrust.certificates());
        for (var file : tls.authorities()) {
            believed.addAll(PemFile.read(file).certificates());
        }
        KeyStore store = emptyStore();
        for (int i = 0; i < believed.size(); i++) {
            store.setCertificateEntry("ca" + i, believed.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keys(List<HostTls.ClientPair> pairs)
            throws IOException, GeneralSecurityException {
        if (pairs.isEmpty()) {
            return null;
        }
        char[] none = new char[0];
        KeyStore store = emptyStore();
        for (int i = 0; i < pairs.size(); i++) {
            HostTls.ClientPair pair = pairs.get(i);
            Certificate[] chain =
                    PemFile.read(pair.certificate()).certificates().toArray(Certificate[]::new);
            store.setKeyEntry("client" + i, PemFile.read(pair.keyFile()).key(), none, chain);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Believes every server; the extended kind, as the JDK adds a check of the name to any other. */
    private static final class Unverified extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
