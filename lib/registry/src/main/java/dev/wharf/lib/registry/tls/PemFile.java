package dev.wharf.lib.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file. Source: RFC 7468; keys by RFC 5958 (PKCS #8), RFC 8017 (PKCS #1) and RFC 5915 (EC). */
final class PemFile {
    /** The largest bundle of authorities known has 0.5 MB. */
    private static final int MAX_BYTES = 8 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----\\s([^-]*)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private final Path file;
    private final List<Block> blocks = new ArrayList<>();

    private record Block(String label, byte[] der) {}

    private PemFile(Path file, String text) throws IOException {
        this.file = file;
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), decoded(matcher.group(2))));
        }
    }

    private byte[] decoded(String body) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": a PEM block is not base64", e);
        }
    }

    static PemFile read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException(file + ": larger than " + MAX_BYTES + " bytes");
            }
            return new PemFile(file, new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        }
    }

    /** The certificates in order; an error when there is none. */
    List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("TRUSTED CERTIFICATE")) {
                found.add(certificate(block.der));
            }
        }
        if (found.isEmpty()) {
            throw new IOException(file + ": has no certificate in PEM form");
        }
        return found;
    }

    private X509Certificate certificate(byte[] der) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IOException(file + ": a certificate cannot be read: " + e.getMessage(), e);
        }
    }

    /** The first private key; an error when there is none, or only an encrypted one. */
    PrivateKey key() throws IOException {
        for (Block block : blocks) {
            switch (block.label) {
                case "PRIVATE KEY":
                    return key(block.der);
                case "RSA PRIVATE KEY":
                    return key(Der.pkcs8OfRsa(block.der));
                case "EC PRIVATE KEY":
                    return key(Der.pkcs8OfEc(block.der));
                case "ENCRYPTED PRIVATE KEY":
                    throw new IOException(file + ": the private key is encrypted; store it without a passphrase");
                default:
                    break;
            }
        }
        throw new IOException(file + ": has no private key in PEM form");
    }

    private PrivateKey key(byte[] pkcs8) throws IOException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (GeneralSecurityException e) {
                continue;
            }
        }
        throw new IOException(file + ": the private key is no RSA, EC or Ed25519 key");
    }
}
