package dev.wharf.testkit.dirs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for one test, below which mounts may be left: closing it unmounts them all, then deletes it.
 *
 * <p>As a field with {@code @RegisterExtension} it is closed after all methods that run after a test.
 *
 * <p>It never deletes across a mount it could not take off.
 */
public final class TempDirs implements AutoCloseable, AfterEachCallback {
    private static final int MOUNT_POINT_FIELD = 4;
    private static final int UMOUNT_SECONDS = 30;

    private final Path root;
    private int count;

    private TempDirs(Path root) {
        this.root = root;
    }

    /** A new empty directory below the machine's directory for temporary files. */
    public static TempDirs create() {
        try {
            return new TempDirs(Files.createTempDirectory("wharf-test-").toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory itself. */
    public Path root() {
        return root;
    }

    /** A new directory below it whose name starts with {@code name}. */
    public Path directory(String name) {
        try {
            return Files.createDirectory(root.resolve(name + "-" + count++));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is mounted on and below it, the last one first. */
    public List<Path> mounts() {
        return mountsBelow(root);
    }

    @Override
    public void close() {
        mounts().forEach(TempDirs::unmount);
        if (!mounts().isEmpty()) {
            throw new IllegalStateException("still mounted, not deleted: " + mounts());
        }
        delete(root);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    private static List<Path> mountsBelow(Path directory) {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> Path.of(line.split(" ", -1)[MOUNT_POINT_FIELD]))
                    .filter(point -> point.startsWith(directory))
                    .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unmount(Path point) {
        try {
            Process umount = new ProcessBuilder("umount", "--lazy", point.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!umount.waitFor(UMOUNT_SECONDS, TimeUnit.SECONDS)) {
                umount.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
