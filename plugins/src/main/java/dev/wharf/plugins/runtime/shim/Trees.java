package dev.wharf.plugins.runtime.shim;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Directories and small files: made with exact permissions, replaced and removed in one step. */
final class Trees {
    private Trees() {}

    /** Makes a directory whose permissions do not depend on the umask; its parent has to exist. */
    static void create(Path directory, String permissions) throws IOException {
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    /**
     * Whether there is a file of that name, be it a link that leads nowhere. {@link Files#exists} makes an exception for
     * each that is not there.
     */
    static boolean exists(Path file) throws IOException {
        return file.getFileSystem()
                        .provider()
                        .readAttributesIfExists(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                != null;
    }

    /** Makes a directory and those above it unless they exist. */
    static void createAll(Path directory, String permissions) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            createAll(parent, permissions);
        }
        try {
            create(directory, permissions);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Writes a file that is either complete or not there. */
    static void write(Path file, byte[] content, String permissions) throws IOException {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        Files.write(temporary, content);
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
        rename(temporary, file);
    }

    /** Gives a directory a hidden name in one step, then removes it; nothing to do when it does not exist. */
    static void remove(Path directory) throws IOException {
        removeInPlace(hide(directory));
    }

    /** Gives a directory a hidden name in one step and answers it; nothing to do when it does not exist. */
    static Path hide(Path directory) throws IOException {
        Path hidden = directory.resolveSibling("." + directory.getFileName());
        if (exists(directory)) {
            removeInPlace(hidden);
            rename(directory, hidden);
        }
        return hidden;
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("rename " + from + " to " + to + ": " + e.getReason(), e);
        }
    }

    /** Removes a tree; links in it are removed, not followed. */
    static void removeInPlace(Path directory) throws IOException {
        if (!exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The last name of a path that has one. */
    static String name(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }
}
