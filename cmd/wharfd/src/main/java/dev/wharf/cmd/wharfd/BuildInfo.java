package dev.wharf.cmd.wharfd;

import java.util.Objects;

/**
 * Which wharf this is.
 *
 * @param version of the release
 * @param revision of the sources
 */
record BuildInfo(String version, String revision) {
    /** What the jar's manifest says. */
    static BuildInfo current() {
        String version = BuildInfo.class.getPackage().getImplementationVersion();
        return new BuildInfo(
                Objects.requireNonNullElse(version, "unpackaged"), System.getProperty("wharf.revision", "unknown"));
    }
}
