package dev.wharf.shim;

import dev.wharf.api.types.transfer.ContainerPath;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The files of a runtime's containers: what of {@code containerd.services.transfer.v1.Transfer} a shim does, between a
 * {@code ContainerPath} and a tar archive. The framework opens the streams and ends them.
 *
 * <p>Called as the methods of {@link TaskService} are. Streams fail with exceptions of their own when the client is
 * gone, which go through. NOT_FOUND for an unknown container, naming it.
 */
public interface TransferService {
    /**
     * Unpacks an archive below a directory, which is made if need be.
     *
     * @throws InterruptedException because the caller is gone or its deadline has passed
     */
    void copyTo(Call call, ContainerPath destination, InputStream archive) throws InterruptedException;

    /**
     * Archives what is at a path; NOT_FOUND, naming it. The entries' names begin with its last component.
     *
     * @param archive unbuffered; stays open
     * @throws InterruptedException because the caller is gone or its deadline has passed
     */
    void copyFrom(Call call, ContainerPath source, OutputStream archive) throws InterruptedException;
}
