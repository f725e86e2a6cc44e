package dev.wharf.cmd.shim.sandbox;

import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.hold.ProcessId;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The sandboxes of a group on disk: a file of JSON for each. */
final class SandboxFiles {
    private static final String SUFFIX = ".json";

    private final Path directory;

    SandboxFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    /** A sandbox as it was kept, with its process if it had one. */
    record Kept(Sandbox sandbox, Optional<ProcessId> process) {}

    void write(Sandbox sandbox) {
        Path file = file(sandbox.key());
        Path temporary = directory.resolve("." + file.getFileName());
        try {
            Files.write(temporary, Json.write(sandbox.toJson()));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot keep sandbox " + sandbox.key().id(), e);
        }
    }

    void remove(ContainerKey key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot forget sandbox " + key.id(), e);
        }
    }

    List<Kept> read() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .map(SandboxFiles::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static Kept read(Path file) {
        try {
            JsonObject json = Json.readObject(Files.readAllBytes(file));
            return new Kept(Sandbox.ofJson(json), ProcessId.parse(json.string("process")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Path file(ContainerKey key) {
        return directory.resolve(key.fileName() + SUFFIX);
    }
}
