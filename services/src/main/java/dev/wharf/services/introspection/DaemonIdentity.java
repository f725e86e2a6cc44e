package dev.wharf.services.introspection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** The UUID of a daemon's root directory, in a file made when first asked for. */
final class DaemonIdentity {
    private final Path file;

    /** Held while the file is looked at or made, so that it is made once. */
    private final ReentrantLock making = new ReentrantLock();

    DaemonIdentity(Path directory) {
        this.file = directory.resolve("uuid");
    }

    String uuid() throws IOException {
        making.lock();
        try {
            String text = read();
            return text.isEmpty() ? make() : checked(text);
        } finally {
            making.unlock();
        }
    }

    private String checked(String text) throws IOException {
        try {
            return UUID.fromString(text).toString();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold a UUID: remove it to get a new one", e);
        }
    }

    private String read() throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private String make() throws IOException {
        String uuid = UUID.randomUUID().toString();
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("uuid.new");
        Files.writeString(fresh, uuid);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        return uuid;
    }
}
