package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The fifos that {@code ctr --fifo-dir} makes for a process, in a directory of its choice below the one given. */
final class Fifos {
    private Fifos() {}

    /** The one of a stream: {@code stdin}, {@code stdout} or {@code stderr}. */
    static Path find(Path directory, String stream) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(stream))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
