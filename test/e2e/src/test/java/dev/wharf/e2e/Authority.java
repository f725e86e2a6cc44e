package dev.wharf.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority that no system trusts, and a certificate of 127.0.0.1 signed by it, made by keytool. */
final class Authority {
    private static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    private Authority(Path directory) {
        this.directory = directory;
        this.store = directory.resolve("keys.p12");
    }

    /** Makes one in a directory. */
    static Authority in(Path directory) {
        Authority made = new Authority(directory);
        made.keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=wharf-test-ca", "-ext", "bc:c");
        made.keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=127.0.0.1");
        Path request = directory.resolve("request");
        made.keytool("-certreq", "-alias", "server", "-file", request.toString());
        Path signed = directory.resolve("signed");
        made.keytool(
                "-gencert",
                "-alias",
                "ca",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString(),
                "-ext",
                "san=ip:127.0.0.1");
        made.keytool("-importcert", "-alias", "server", "-file", signed.toString());
        made.writePem();
        return made;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString(), "-noprompt"));
        Programs.run(command).ok();
    }

    private void writePem() {
        try {
            KeyStore keys = load();
            pem(authority(), "CERTIFICATE", keys.getCertificate("ca").getEncoded());
            pem(certificate(), "CERTIFICATE", keys.getCertificate("server").getEncoded());
            pem(
                    key(),
                    "PRIVATE KEY",
                    Objects.requireNonNull(keys.getKey("server", PASSWORD.toCharArray()))
                            .getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private KeyStore load() throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PEM file of the authority's own certificate. */
    Path authority() {
        return directory.resolve("ca.crt");
    }

    /** PEM file of the server's certificate. */
    Path certificate() {
        return directory.resolve("server.crt");
    }

    /** PEM file of the server's key. */
    Path key() {
        return directory.resolve("server.key");
    }

    /** What a server of this Java process needs. */
    SSLContext server() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(load(), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
