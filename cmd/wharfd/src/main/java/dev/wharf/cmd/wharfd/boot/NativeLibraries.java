package dev.wharf.cmd.wharfd.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Where SQLite, zstd and Netty unpack their native libraries: a directory of the daemon's own instead of a world-writable
 * one, emptied at each start, as a killed daemon leaves its copies. It is below the root because {@code /run} is often
 * mounted noexec.
 */
public final class NativeLibraries {
    private static final List<String> PROPERTIES =
            List.of("org.sqlite.tmpdir", "ZstdTempFolder", "io.netty.native.workdir");

    private NativeLibraries() {}

    /** Prepares {@code <root>/native}; to be called with the root locked and before the first library is loaded. */
    public static void unpackBelow(Path root) {
        Path directory = root.resolve("native");
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("prepare " + directory + " for native libraries", e);
        }
        PROPERTIES.forEach(property -> System.setProperty(property, directory.toString()));
    }
}
