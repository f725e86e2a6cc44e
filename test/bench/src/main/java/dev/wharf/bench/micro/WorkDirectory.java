package dev.wharf.bench.micro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory for the time of a benchmark. */
record WorkDirectory(Path path) implements AutoCloseable {
    static WorkDirectory make() throws IOException {
        return new WorkDirectory(Files.createTempDirectory("wharf-jmh-"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Removes what is below a path, and itself. */
    static void remove(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            all.sorted(Comparator.reverseOrder()).forEach(WorkDirectory::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        remove(path);
    }
}
