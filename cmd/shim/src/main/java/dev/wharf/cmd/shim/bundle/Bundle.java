package dev.wharf.cmd.shim.bundle;

import dev.wharf.api.runc.v1.Options;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The files of one container. Failures of the file system are {@link UncheckedIOException}s.
 *
 * @param directory absolute path
 */
public record Bundle(Path directory) {
    private static final String OPTIONS = "options.json";
    private static final String RUNTIME = "runtime";
    private static final String MOUNTS = "mounts";
    private static final String STATE = "wharf-shim.json";

    /** The configuration of the container. */
    public Path config() {
        return directory.resolve("config.json");
    }

    /** Where the root file system is mounted. */
    public Path rootfs() {
        return directory.resolve("rootfs");
    }

    /** The engine's log. */
    public Path log() {
        return directory.resolve("log.json");
    }

    /** The pid of the first process. */
    public Path initPid() {
        return directory.resolve("init.pid");
    }

    /** Directory for large and passing files, which the daemon made and removes. */
    public Path work() {
        return directory.resolve("work");
    }

    /** The pid of an added process. */
    public Path execPid(String exec) {
        return directory.resolve(exec + ".pid");
    }

    /** The process to add, as the engine reads it. */
    public Path execProcess(String exec) {
        return directory.resolve(exec + ".process.json");
    }

    /** The engine's log of adding a process. */
    public Path execLog(String exec) {
        return directory.resolve(exec + ".log.json");
    }

    /** Makes the mount point of the root file system unless it is there. */
    public void makeRootfs() {
        if (Files.isDirectory(rootfs())) {
            return;
        }
        try {
            Files.createDirectory(
                    rootfs(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + rootfs(), e);
        }
    }

    /** Makes one more place for a mount that the root file system is put together from. */
    Path makeMountPlace() {
        try {
            return Files.createDirectories(mountPlace(mountPlaces().size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a place for a mount in " + directory, e);
        }
    }

    /** The places of such mounts in their order. */
    List<Path> mountPlaces() {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(this::mountPlace)
                .takeWhile(Files::isDirectory)
                .toList();
    }

    private Path mountPlace(int number) {
        return directory.resolve(MOUNTS).resolve(Integer.toString(number));
    }

    /** Removes the places, which nothing is mounted on any more. */
    void removeMountPlaces() {
        List<Path> places = mountPlaces();
        places.forEach(Bundle::remove);
        if (!places.isEmpty()) {
            remove(directory.resolve(MOUNTS));
        }
    }

    /** Keeps the options, for the {@code delete} action and for other programs. */
    public void writeOptions(Options options) {
        write(OPTIONS, Json.write(OptionsJson.write(options)));
        write(RUNTIME, options.getBinaryName().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The options as kept; empty when there are none. */
    public Optional<Options> readOptions() {
        return read(OPTIONS).map(OptionsJson::read);
    }

    /**
     * Reads options in the form of {@code options.json}.
     *
     * @throws IllegalArgumentException when it is another form
     */
    public static Options parseOptions(byte[] json) {
        return OptionsJson.read(Json.readObject(json));
    }

    /** Keeps the state; a crash leaves the old one or the new one. */
    public void writeState(ContainerRecord record) {
        Path temporary = directory.resolve("." + STATE);
        try {
            Files.write(temporary, Json.write(record.toJson()));
            Files.move(temporary, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the state of " + directory, e);
        }
    }

    /** The state as kept; empty when there is none. */
    public Optional<ContainerRecord> readState() {
        return read(STATE).map(ContainerRecord::ofJson);
    }

    /** Forgets the state: the container is gone. */
    public void removeState() {
        remove(directory.resolve(STATE));
    }

    /** Removes what an added process left. */
    public void removeExec(String exec) {
        remove(execPid(exec));
        remove(execProcess(exec));
        remove(execLog(exec));
    }

    /**
     * The pid in a file of an engine.
     *
     * @throws IllegalArgumentException when it holds none
     */
    public static int readPid(Path file) {
        try {
            return Integer.parseInt(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Writes a file of the bundle that only root reads. */
    public void write(String name, byte[] content) {
        try {
            Files.write(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.resolve(name), e);
        }
    }

    private Optional<JsonObject> read(String name) {
        try {
            return Optional.of(Json.readObject(Files.readAllBytes(directory.resolve(name))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.resolve(name), e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
