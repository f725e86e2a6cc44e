package dev.wharf.core.oci;

import dev.wharf.core.error.ErrorKind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest: algorithm and hex value, e.g. {@code sha256:44136f…} (OCI image specification, descriptor, Digests).
 *
 * @param algorithm {@code sha256}, {@code sha384} or {@code sha512}
 * @param hex the value in lower-case hex, of the length the algorithm has
 */
public record Digest(String algorithm, String hex) {
    private static final int MAX_SHOWN = 200;

    public Digest {
        int expected = switch (algorithm) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> throw ErrorKind.INVALID_ARGUMENT.of("unsupported digest algorithm \"" + shown(algorithm) + "\"");
        };
        if (hex.length() != expected || !isLowerHex(hex)) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "invalid checksum digest format \"" + shown(algorithm + ":" + hex) + "\"");
        }
    }

    /** A stranger's text can have the size of the document it stood in; an error shows its start. */
    private static String shown(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }

    /** Parses {@code algorithm:hex}; {@code INVALID_ARGUMENT} when it is not a digest. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw ErrorKind.INVALID_ARGUMENT.of("invalid checksum digest format \"" + shown(text) + "\"");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** The sha256 digest of bytes. */
    public static Digest sha256(byte[] bytes) {
        return of("sha256", newMessageDigest("sha256").digest(bytes));
    }

    /** The digest with this algorithm and raw value. */
    public static Digest of(String algorithm, byte[] value) {
        return new Digest(algorithm, HexFormat.of().formatHex(value));
    }

    /** A JDK message digest that computes values of {@code algorithm}. */
    public static MessageDigest newMessageDigest(String algorithm) {
        try {
            return MessageDigest.getInstance(
                    switch (algorithm) {
                        case "sha256" -> "SHA-256";
                        case "sha384" -> "SHA-384";
                        case "sha512" -> "SHA-512";
                        default ->
                            throw ErrorKind.INVALID_ARGUMENT.of("unsupported digest algorithm \"" + algorithm + "\"");
                    });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks a mandatory message digest", e);
        }
    }

    /** {@code algorithm:hex}. */
    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static boolean isLowerHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
