package dev.wharf.core.transfer;

/** Opens registries. */
@FunctionalInterface
public interface Registries {
    /** The source for an image; {@code INVALID_ARGUMENT} when its name is none. No request is sent yet. */
    RegistrySource open(TransferEnd.Registry image);
}
