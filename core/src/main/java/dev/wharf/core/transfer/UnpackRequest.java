package dev.wharf.core.transfer;

import dev.wharf.core.oci.Platform;

/**
 * Asks to unpack the image of a platform.
 *
 * @param platform the platform
 * @param snapshotter the snapshotter by its name, or empty for the usual one
 */
public record UnpackRequest(Platform platform, String snapshotter) {}
