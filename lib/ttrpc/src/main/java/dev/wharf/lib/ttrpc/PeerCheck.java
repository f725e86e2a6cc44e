package dev.wharf.lib.ttrpc;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a unix socket, and whether that is the user and group this process runs as. */
final class PeerCheck {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int EFFECTIVE = 2;

    private final UserPrincipal user;
    private final GroupPrincipal group;

    PeerCheck(UserPrincipal user, GroupPrincipal group) {
        this.user = user;
        this.group = group;
    }

    /** A check for the effective user and group of this process. */
    static PeerCheck sameUser() throws IOException {
        List<String> lines = Files.readAllLines(STATUS);
        var principals = FileSystems.getDefault().getUserPrincipalLookupService();
        return new PeerCheck(
                principals.lookupPrincipalByName(id(lines, "Uid:")),
                principals.lookupPrincipalByGroupName(id(lines, "Gid:")));
    }

    /** A line is the name and then the real, effective, saved and file system ids (proc_pid_status(5)). */
    private static String id(List<String> lines, String name) throws IOException {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return line.split("\\s+", -1)[EFFECTIVE];
            }
        }
        throw new IOException(STATUS + " has no line " + name);
    }

    /** The peer as the kernel noted it at connect (socket(7), SO_PEERCRED); null where the socket is not a unix one. */
    static @Nullable UnixDomainPrincipal peer(SocketChannel socket) throws IOException {
        return socket.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                ? socket.getOption(ExtendedSocketOptions.SO_PEERCRED)
                : null;
    }

    boolean allows(@Nullable UnixDomainPrincipal peer) {
        return peer != null && peer.user().equals(user) && peer.group().equals(group);
    }
}
