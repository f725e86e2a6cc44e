package dev.wharf.cmd.wharf.command;

/** The version of this program, from its jar. */
public final class Versions {
    private Versions() {}

    /** The version; {@code dev} when it does not run from a jar. */
    public static String own() {
        String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
