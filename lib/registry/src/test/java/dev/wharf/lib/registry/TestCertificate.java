package dev.wharf.lib.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate signed by itself, made by keytool. */
final class TestCertificate {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore store;
    private final Path certificate;
    private final Path key;

    /** {@code names} as keytool has them, e.g. {@code dns:reg.test,ip:127.0.0.1}; {@code options} as more arguments. */
    TestCertificate(Path dir, String name, String names, String... options)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = dir.resolve(name + ".p12");
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "one",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=" + names,
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            file.toString()
        };
        String[] all = java.util.stream.Stream.of(command, options)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        Process keytool = new ProcessBuilder(all).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        certificate = pem(
                dir.resolve(name + ".cert"),
                "CERTIFICATE",
                store.getCertificate("one").getEncoded());
        key = pem(
                dir.resolve(name + ".key"),
                "PRIVATE KEY",
                Objects.requireNonNull(store.getKey("one", PASSWORD)).getEncoded());
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    Path certificate() {
        return certificate;
    }

    Path key() {
        return key;
    }

    /** A context for a server with this certificate that believes clients with it, too. */
    SSLContext server() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        KeyStore believed = KeyStore.getInstance("PKCS12");
        try {
            believed.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        believed.setCertificateEntry("one", store.getCertificate("one"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(believed);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
