package dev.wharf.lib.registry.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities the machine believes: the bundle of the operating system, where administrators add theirs, else the
 * JDK's. {@code SSL_CERT_FILE} names another bundle. The last one read is kept until its file changes.
 */
final class SystemTrust {
    private static final List<Path> BUNDLES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/pki/tls/cacert.pem"),
            Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    /** Guards {@link #kept}. */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static @Nullable Kept kept;

    private record Kept(Path file, long modified, List<X509Certificate> certificates) {}

    private SystemTrust() {}

    static List<X509Certificate> certificates() throws IOException, GeneralSecurityException {
        Optional<Path> bundle = bundle();
        return bundle.isPresent() ? of(bundle.get()) : ofTheJdk();
    }

    private static Optional<Path> bundle() {
        return Stream.concat(Stream.ofNullable(System.getenv("SSL_CERT_FILE")).map(Path::of), BUNDLES.stream())
                .filter(Files::isReadable)
                .findFirst();
    }

    private static List<X509Certificate> of(Path file) throws IOException {
        long modified = Files.getLastModifiedTime(file).toMillis();
        LOCK.lock();
        try {
            if (kept != null && kept.file.equals(file) && kept.modified == modified) {
                return kept.certificates;
            }
        } finally {
            LOCK.unlock();
        }
        Kept fresh = new Kept(file, modified, List.copyOf(PemFile.read(file).certificates()));
        LOCK.lock();
        try {
            kept = fresh;
        } finally {
            LOCK.unlock();
        }
        return fresh.certificates;
    }

    private static List<X509Certificate> ofTheJdk() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                .toList();
    }
}
