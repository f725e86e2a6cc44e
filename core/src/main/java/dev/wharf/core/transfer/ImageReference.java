package dev.wharf.core.transfer;

/**
 * A further name for what a transfer stores, or the beginning of names.
 *
 * @param name the name, or the beginning without tag and digest
 * @param isPrefix whether it is a beginning
 * @param allowOverwrite whether a full name in the archive that begins otherwise may be taken
 * @param addDigest whether {@code name@digest} is stored
 * @param skipNamedDigest whether that is left out where a name was found
 */
public record ImageReference(
        String name, boolean isPrefix, boolean allowOverwrite, boolean addDigest, boolean skipNamedDigest) {}
