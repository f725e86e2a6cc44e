package dev.wharf.lib.registry;

/** A manifest or index as it came, its digest verified. */
public final class RemoteManifest {
    private final RemoteDescriptor descriptor;
    private final byte[] bytes;

    RemoteManifest(RemoteDescriptor descriptor, byte[] bytes) {
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /** Media type, digest and size. */
    public RemoteDescriptor descriptor() {
        return descriptor;
    }

    /** A copy of the document, byte for byte. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return descriptor.toString();
    }
}
