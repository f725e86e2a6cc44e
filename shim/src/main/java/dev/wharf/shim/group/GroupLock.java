package dev.wharf.shim.group;

import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The right to serve a group. The kernel gives it back however the process ends. */
public final class GroupLock implements AutoCloseable {
    private final Group group;
    private final Fd file;

    private GroupLock(Group group, Fd file) {
        this.group = group;
        this.file = file;
    }

    /** Takes the lock if it is free at once, making the group's directory where there is none. */
    public static Optional<GroupLock> tryTake(Group group) throws IOException {
        Files.createDirectories(
                group.directory(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Fd file = Fd.open(group.lock(), OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0600);
        // An earlier owner may have removed the file between its being opened and locked here.
        if (Fcntl.tryLock(file) && isStill(group.lock(), file)) {
            return Optional.of(new GroupLock(group, file));
        }
        file.close();
        return Optional.empty();
    }

    private static boolean isStill(Path path, Fd file) throws IOException {
        try {
            return Files.isSameFile(path, file.procPath());
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    /** Says that this process accepts on the group's socket from now on. */
    public void announce() throws IOException {
        ShimFile.write(group);
    }

    /** Leaves a mark that somebody is about to connect; for one who answers with another process's address. */
    public static void markStart(Group group) throws IOException {
        Files.write(group.started(), new byte[0]);
    }

    /**
     * Prepares to end: no start answers with this process any more. Takes that back where one has done so since this was
     * asked last, because its daemon is about to connect.
     *
     * @return whether the process may end
     */
    public boolean retire() throws IOException {
        ShimFile.remove(group);
        if (Files.deleteIfExists(group.started())) {
            ShimFile.write(group);
            return false;
        }
        return true;
    }

    /** Lets no start answer with this process any more, whoever has. */
    public void withdraw() throws IOException {
        ShimFile.remove(group);
    }

    /** Removes the group's directory, the lock last. */
    public void removeDirectory() throws IOException {
        Files.walkFileTree(group.directory(), new Removal());
    }

    @Override
    public void close() {
        file.close();
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, @Nullable IOException failure) throws IOException {
            Files.deleteIfExists(path);
            return FileVisitResult.CONTINUE;
        }
    }
}
