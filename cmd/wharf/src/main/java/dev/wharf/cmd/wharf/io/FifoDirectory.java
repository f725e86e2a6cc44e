package dev.wharf.cmd.wharf.io;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Fifo;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A directory with the FIFOs of one process, deleted when closed. */
final class FifoDirectory implements AutoCloseable {
    private static final int MODE = 0700;

    private final Path directory;
    private final List<Path> fifos = new ArrayList<>();

    private FifoDirectory(Path directory) {
        this.directory = directory;
    }

    /** A new directory below {@code parent}, which is made too, or among the temporary files where that is refused. */
    static FifoDirectory create(Path parent) {
        try {
            makePrivate(parent);
            return new FifoDirectory(Files.createTempDirectory(parent, ""));
        } catch (IOException e) {
            return create();
        }
    }

    /** A new directory among the temporary files. */
    static FifoDirectory create() {
        try {
            return new FifoDirectory(Files.createTempDirectory("wharf-fifo-"));
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("make a directory for FIFOs", e);
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            // Made by an earlier run or by containerd.
        }
    }

    /** Makes a FIFO. */
    Path fifo(String name) {
        Path path = directory.resolve(name);
        Fifo.create(path, MODE);
        fifos.add(path);
        return path;
    }

    @Override
    public void close() {
        try {
            for (Path fifo : fifos) {
                Files.deleteIfExists(fifo);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // What is left is empty and in a directory for such things.
        }
    }
}
