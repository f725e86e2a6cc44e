package dev.wharf.cmd.wharfd.listen;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file of a listening unix socket: checked and cleared before, given its owner after binding.
 *
 * @param path where it is
 * @param uid its owner
 * @param gid its group
 */
record SocketFile(Path path, int uid, int gid) {
    /** Read and write for owner and group. */
    static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-rw----");

    /** What containerd allows: the kernel's 108 less what Go's runtime and older systems need. */
    private static final int LONGEST_PATH = 104;

    /** The file for a configured address; {@code INVALID_ARGUMENT} where no socket can be there. */
    static SocketFile of(String address, int uid, int gid) {
        if (!address.startsWith("/")) {
            throw ErrorKind.INVALID_ARGUMENT.of("socket address '" + address + "' must be an absolute path");
        }
        int length = address.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_PATH) {
            throw ErrorKind.INVALID_ARGUMENT.of("socket path " + address + " has " + length + " bytes, more than the "
                    + LONGEST_PATH + " a unix socket can have; choose a shorter one");
        }
        return new SocketFile(Path.of(address), uid, gid);
    }

    /**
     * Makes the directory and removes a socket on which nobody listens any more; {@code UNAVAILABLE} where somebody
     * does, {@code ALREADY_EXISTS} where something else is there.
     */
    void prepare() throws IOException {
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(path)) {
            throw ErrorKind.ALREADY_EXISTS.of(path + " is there and is no socket");
        }
        if (answers()) {
            throw ErrorKind.UNAVAILABLE.of("another program listens on " + path);
        }
        Files.delete(path);
    }

    private boolean answers() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyListens) {
            return false;
        }
    }

    /** Gives the bound socket its mode and owner. Until then only this user can connect, as others may not write. */
    void own() throws IOException {
        Files.setPosixFilePermissions(path, MODE);
        FilesAt.chown(Fd.CWD, path.toString(), uid, gid, OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    /** Removes it. */
    void remove() throws IOException {
        Files.deleteIfExists(path);
    }
}
