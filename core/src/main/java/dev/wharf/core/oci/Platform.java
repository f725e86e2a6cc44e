package dev.wharf.core.oci;

import dev.wharf.core.error.ErrorKind;
import java.util.List;
import java.util.Locale;

/**
 * A platform, normalised (OCI image specification, image index, platform).
 *
 * @param os e.g. {@code linux}
 * @param architecture e.g. {@code amd64}
 * @param variant e.g. {@code v7}, or empty
 * @param osVersion or empty
 * @param osFeatures or none
 */
public record Platform(String os, String architecture, String variant, String osVersion, List<String> osFeatures) {
    public Platform {
        os = os.toLowerCase(Locale.ROOT);
        String given = architecture.toLowerCase(Locale.ROOT);
        String givenVariant = variant.toLowerCase(Locale.ROOT);
        architecture = architectureOf(given);
        variant = variantOf(given, architecture, givenVariant);
        osFeatures = List.copyOf(osFeatures);
    }

    /** A platform of os, architecture and variant. */
    public Platform(String os, String architecture, String variant) {
        this(os, architecture, variant, "", List.of());
    }

    /** The platform of this machine. */
    public static Platform host() {
        return new Platform("linux", System.getProperty("os.arch", "amd64"), "");
    }

    /** Parses {@code os}, {@code architecture}, {@code os/architecture} or {@code os/architecture/variant}. */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        return switch (parts.length) {
            case 1 ->
                isOs(parts[0])
                        ? new Platform(parts[0], host().architecture(), "")
                        : new Platform("linux", parts[0], "");
            case 2 -> new Platform(parts[0], parts[1], "");
            case 3 -> new Platform(parts[0], parts[1], parts[2]);
            default ->
                throw ErrorKind.INVALID_ARGUMENT.of("platform \"" + text + "\" is not os[/architecture[/variant]]");
        };
    }

    /** Whether an image for {@code other} runs on this platform. */
    public boolean runs(Platform other) {
        return os.equals(other.os) && architecture.equals(other.architecture) && variant.equals(other.variant);
    }

    /** {@code os/architecture[/variant]}. */
    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }

    private static boolean isOs(String text) {
        return List.of("linux", "windows", "darwin", "freebsd").contains(text.toLowerCase(Locale.ROOT));
    }

    private static String architectureOf(String architecture) {
        return switch (architecture) {
            case "i386", "i686", "x86" -> "386";
            case "x86_64", "x86-64" -> "amd64";
            case "aarch64" -> "arm64";
            case "armhf", "armel" -> "arm";
            default -> architecture;
        };
    }

    private static String variantOf(String given, String architecture, String variant) {
        return switch (architecture) {
            case "arm64" -> variant.equals("8") || variant.equals("v8") ? "" : variant;
            case "arm" -> armVariant(given, variant);
            case "amd64" -> variant.equals("v1") ? "" : variant;
            default -> variant;
        };
    }

    private static String armVariant(String given, String variant) {
        if (variant.isEmpty()) {
            return given.equals("armel") ? "v6" : "v7";
        }
        return variant.startsWith("v") ? variant : "v" + variant;
    }
}
