package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks at the cgroups that containers of the tests get: {@code <controller>/<namespace>/<container>}. */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /** The cgroups of containers in a namespace. */
    static List<Path> of(String namespace) {
        return controllers().stream()
                .map(controller -> controller.resolve(namespace))
                .filter(Files::isDirectory)
                .flatMap(directory -> children(directory).stream())
                .toList();
    }

    /** Removes the namespace's own directories, which the engine makes and nobody else removes. */
    static void removeEmpty(String namespace) {
        for (Path controller : controllers()) {
            try {
                Files.deleteIfExists(controller.resolve(namespace));
            } catch (DirectoryNotEmptyException e) {
                throw new AssertionError("cgroups left below " + controller.resolve(namespace), e);
            } catch (FileSystemException e) {
                throw new AssertionError("cgroup in use: " + controller.resolve(namespace), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Path> controllers() {
        return Stream.concat(Stream.of(ROOT), children(ROOT).stream()).toList();
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
