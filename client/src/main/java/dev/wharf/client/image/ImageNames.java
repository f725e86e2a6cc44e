package dev.wharf.client.image;

/** Short names of images made full, as Docker does it: {@code busybox} is {@code docker.io/library/busybox:latest}. */
public final class ImageNames {
    private ImageNames() {}

    /** The name with domain and tag; a name that has them, and one with a digest, stays as it is. */
    public static String full(String name) {
        String withDomain = withDomain(name);
        int slash = withDomain.lastIndexOf('/');
        boolean tagged = withDomain.indexOf(':', slash) >= 0 || withDomain.indexOf('@') >= 0;
        return tagged ? withDomain : withDomain + ":latest";
    }

    private static String withDomain(String name) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return "docker.io/library/" + name;
        }
        String first = name.substring(0, slash);
        boolean domain = first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
        return domain ? name : "docker.io/" + name;
    }
}
