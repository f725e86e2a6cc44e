package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Digests as text, {@code algorithm:hex}. Source: OCI image specification, descriptor, "Digests". */
final class RemoteDigest {
    private static final Pattern SYNTAX =
            Pattern.compile("sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}");

    private RemoteDigest() {}

    static boolean isDigest(String text) {
        return SYNTAX.matcher(text).matches();
    }

    static String checked(String text) {
        if (!isDigest(text)) {
            throw new RegistryException(Kind.INVALID, "not a digest: \"" + text + "\"");
        }
        return text;
    }

    /** The digest of bytes by the algorithm {@code like} has. */
    static String of(byte[] bytes, String like) {
        String name = like.substring(0, like.indexOf(':') + 1);
        return name + HexFormat.of().formatHex(algorithm(like).digest(bytes));
    }

    /** What computes digests of the kind {@code like} is. */
    static MessageDigest algorithm(String like) {
        try {
            return MessageDigest.getInstance("SHA-" + like.substring(3, like.indexOf(':')));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK lacks a mandatory message digest", e);
        }
    }

    static String sha256(byte[] bytes) {
        return of(bytes, "sha256:");
    }
}
