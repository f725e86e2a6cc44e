package dev.wharf.cmd.shimwasi.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is on disk of the containers of this process, for the next one: a file {@code tasks/NAMESPACE@ID} in the group's
 * directory, which is replaced atomically. Its lines: the version of this form (1), the bundle, and once the module has
 * ended its status, the second and nanosecond of that, and {@code told} when the daemon has taken the event.
 */
final class Records {
    private static final String VERSION = "1";

    private final Path directory;

    Records(Path groupDirectory) {
        directory = groupDirectory.resolve("tasks");
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What an earlier process wrote.
     *
     * @param bundle of the container
     * @param exit how it ended; none where it ran when that process died
     * @param told whether the daemon has taken the event of its end
     */
    record Past(Path bundle, Optional<Exit> exit, boolean told) {}

    Map<Key, Past> read() {
        Map<Key, Past> found = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*@*")) {
            for (Path file : files) {
                String[] name = file.getFileName().toString().split("@", 2);
                found.put(new Key(name[0], name[1]), past(Files.readAllLines(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static Past past(List<String> lines) {
        if (lines.size() < 2 || !lines.getFirst().equals(VERSION)) {
            throw new IllegalStateException("state of another version of this shim: " + lines);
        }
        Path bundle = Path.of(lines.get(1));
        if (lines.size() < 5) {
            return new Past(bundle, Optional.empty(), false);
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(lines.get(3)), Long.parseLong(lines.get(4)));
        return new Past(bundle, Optional.of(new Exit(Integer.parseInt(lines.get(2)), at)), lines.contains("told"));
    }

    void created(Key key, Path bundle) {
        write(key, List.of(VERSION, bundle.toString()));
    }

    void exited(Key key, Path bundle, Exit exit, boolean told) {
        String second = Long.toString(exit.at().getEpochSecond());
        String nano = Integer.toString(exit.at().getNano());
        write(
                key,
                List.of(VERSION, bundle.toString(), Integer.toString(exit.status()), second, nano, told ? "told" : ""));
    }

    private void write(Key key, List<String> lines) {
        Path file = file(key);
        try {
            Path made = Files.write(directory.resolve("." + file.getFileName()), lines);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(Key key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(Key key) {
        return directory.resolve(key.namespace() + "@" + key.id());
    }
}
