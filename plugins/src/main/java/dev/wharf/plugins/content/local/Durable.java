package dev.wharf.plugins.content.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories whose entries are on disk. */
final class Durable {
    private Durable() {}

    /** Brings the entries of a directory to the disk. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Answers the directory with this name, which is made, and its entry brought to the disk, when missing. */
    static Path directory(Path parent, String name) throws IOException {
        Path directory = parent.resolve(name);
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            sync(parent);
        }
        return directory;
    }
}
