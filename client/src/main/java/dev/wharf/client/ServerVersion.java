package dev.wharf.client;

/**
 * The version of a daemon.
 *
 * @param version e.g. {@code v2.1.0}
 * @param revision of its sources, or empty
 */
public record ServerVersion(String version, String revision) {}
