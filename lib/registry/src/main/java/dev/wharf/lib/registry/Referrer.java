package dev.wharf.lib.registry;

/**
 * A manifest that refers to another, such as a signature.
 *
 * @param descriptor of the manifest
 * @param artifactType what kind of thing it is; empty when it does not say
 */
public record Referrer(RemoteDescriptor descriptor, String artifactType) {}
