package dev.wharf.cmd.shim.transfer;

import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Xattr;
import java.util.HashMap;
import java.util.Map;

/**
 * The extended attributes that go with files: those of users, and capabilities where owners are the machine's, as they
 * name one. All others say how the machine or the container keeps a file, not what it is.
 */
final class Attributes {
    private static final String USER = "user.";
    private static final String CAPABILITY = "security.capability";

    private final boolean capabilities;

    Attributes(ContainerRoot root) {
        this.capabilities = root.sharesOwners();
    }

    private boolean goesAlong(String name) {
        return name.startsWith(USER) || (capabilities && name.equals(CAPABILITY));
    }

    /** Those of a regular file or directory, by an O_PATH descriptor too. */
    Map<String, byte[]> of(Fd file) {
        Map<String, byte[]> found = new HashMap<>();
        for (String name : Xattr.list(file)) {
            if (goesAlong(name)) {
                Xattr.get(file, name).ifPresent(value -> found.put(name, value));
            }
        }
        return found;
    }

    /** Sets them on a regular file or directory, as far as its file system keeps any. */
    void set(Fd file, Map<String, byte[]> attributes) {
        attributes.forEach((name, value) -> {
            if (goesAlong(name)) {
                set(file, name, value);
            }
        });
    }

    private static void set(Fd file, String name, byte[] value) {
        try {
            Xattr.set(file, name, value, 0);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
        }
    }
}
