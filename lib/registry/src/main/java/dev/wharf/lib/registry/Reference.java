package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image: {@code host[:port]/path[:tag][@digest]}. Source: OCI distribution specification, "Pulling
 * manifests"; the short forms are Docker's.
 *
 * @param host the registry as people write it, e.g. {@code docker.io}, with its port if it has one
 * @param path the repository, e.g. {@code library/busybox}
 * @param tag or null
 * @param digest or null; when both are given the digest decides
 */
public record Reference(
        String host,
        String path,
        @Nullable String tag,
        @Nullable String digest) {
    private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(PART + "(?:/" + PART + ")*");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+])(?::[0-9]{1,5})?");
    private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_PATH = 255;
    private static final String HUB = "docker.io";

    public Reference {
        check(HOST.matcher(host).matches(), "registry host \"" + host + "\" is not valid");
        check(
                path.length() <= MAX_PATH && PATH.matcher(path).matches(),
                "repository \"" + path + "\" is not valid: it consists of lower-case letters, digits and . _ - /");
        check(tag == null || TAG.matcher(tag).matches(), "tag \"" + tag + "\" is not valid");
        check(digest == null || RemoteDigest.isDigest(digest), "digest \"" + digest + "\" is not valid");
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new RegistryException(Kind.INVALID, message);
        }
    }

    /** Parses a full name; host and path must be there, tag and digest can be missing. */
    public static Reference parse(String text) {
        int slash = text.indexOf('/');
        check(slash > 0, "image name \"" + text + "\" needs a registry, e.g. docker.io/library/busybox:latest");
        return parse(text.substring(0, slash), text.substring(slash + 1));
    }

    private static Reference parse(String host, String rest) {
        int at = rest.indexOf('@');
        String named = at < 0 ? rest : rest.substring(0, at);
        int colon = named.indexOf(':');
        return new Reference(
                host,
                colon < 0 ? named : named.substring(0, colon),
                colon < 0 ? null : named.substring(colon + 1),
                at < 0 ? null : rest.substring(at + 1));
    }

    /**
     * Parses a name as people type it: without a registry it is Docker Hub's, there without a slash it is in {@code
     * library}, and without tag and digest it is {@code latest}.
     */
    public static Reference parseNormalized(String text) {
        check(
                !IMAGE_ID.matcher(text).matches(),
                "image name \"" + text + "\" is an id of 64 hex digits, which cannot be pulled");
        int slash = text.indexOf('/');
        boolean hasHost = slash > 0 && isHost(text.substring(0, slash));
        String host = hasHost ? text.substring(0, slash) : HUB;
        String rest = hasHost ? text.substring(slash + 1) : text;
        if (host.equals("index.docker.io")) {
            host = HUB;
        }
        if (host.equals(HUB) && rest.indexOf('/') < 0) {
            rest = "library/" + rest;
        }
        Reference parsed = parse(host, rest);
        boolean bare = parsed.tag == null && parsed.digest == null;
        return bare ? new Reference(parsed.host, parsed.path, "latest", null) : parsed;
    }

    private static boolean isHost(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.toLowerCase(Locale.ROOT).equals(first);
    }

    /** What to ask the registry for: the digest, else the tag; empty when there is neither. */
    public Optional<String> object() {
        return Optional.ofNullable(digest != null ? digest : tag);
    }

    /** The full name, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return host + "/" + path + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
