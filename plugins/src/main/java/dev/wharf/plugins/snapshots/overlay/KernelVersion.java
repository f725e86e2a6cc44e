package dev.wharf.plugins.snapshots.overlay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first two numbers of a release of Linux.
 *
 * @param major the first
 * @param minor the second
 */
record KernelVersion(int major, int minor) {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");

    /** The version of the running kernel. */
    static KernelVersion running() {
        return parse(System.getProperty("os.version", ""));
    }

    /** The version in a release such as {@code 6.1.0-13-amd64}; 0.0 when it is none. */
    static KernelVersion parse(String release) {
        Matcher matcher = RELEASE.matcher(release);
        if (!matcher.matches()) {
            return new KernelVersion(0, 0);
        }
        return new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }
}
