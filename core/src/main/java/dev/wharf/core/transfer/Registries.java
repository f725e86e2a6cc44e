package dev.wharf.core.transfer;

/** Opens registries. */
public interface Registries {
    /** The source for an image; {@code INVALID_ARGUMENT} when its name is none. No request is sent yet. */
    RegistrySource open(TransferEnd.Registry image);

    /**
     * The destination for an image; {@code INVALID_ARGUMENT} when its name is none, {@code NOT_FOUND} when no host of its
     * registry may be pushed to. No request is sent yet.
     */
    RegistryTarget openTarget(TransferEnd.Registry image);
}
