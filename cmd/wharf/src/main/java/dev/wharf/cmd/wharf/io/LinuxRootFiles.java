package dev.wharf.cmd.wharf.io;

import dev.wharf.client.run.RootFiles;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.Namespaces;
import dev.wharf.lib.linux.OpenAt2;
import dev.wharf.lib.linux.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads files of roots by openat2(2) confined to the root.
 *
 * <p>Mounts are made in a mount namespace of one thread, which ends with it: nobody else sees them and nothing is left.
 * They are read only, so that unmounting writes nothing; of an overlay the upper directory becomes the first lower one.
 */
public final class LinuxRootFiles implements RootFiles {
    private static final int RESOLVE = OpenAt2.RESOLVE_IN_ROOT | OpenAt2.RESOLVE_NO_MAGICLINKS;
    /** Without O_NONBLOCK a FIFO of the image would stop the program. */
    private static final int FLAGS = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY;

    private static final int CHUNK = 1 << 16;

    @Override
    public Map<String, byte[]> read(List<Mount> mounts, List<String> paths) {
        try {
            Path target = Files.createTempDirectory("wharf-root-");
            try {
                return Namespaces.inNewNamespaces(Set.of(Namespaces.Kind.MNT), () -> mounted(mounts, target, paths));
            } finally {
                Files.delete(target);
            }
        } catch (WharfException e) {
            throw e;
        } catch (Exception e) {
            throw ErrorKind.INTERNAL.of("read " + paths + " of the container's root: " + e.getMessage(), e);
        }
    }

    @Override
    public Map<String, byte[]> read(int pid, List<String> paths) {
        try {
            return readBelow(Path.of("/proc/" + pid + "/root"), paths);
        } catch (ErrnoException e) {
            throw ErrorKind.INTERNAL.of("read " + paths + " of the root of process " + pid, e);
        }
    }

    private static Map<String, byte[]> mounted(List<Mount> mounts, Path target, List<String> paths) {
        Mounts.mount("", "", Path.of("/"), List.of("rprivate"));
        for (Mount mount : mounts) {
            Mounts.mount(mount.type(), mount.source(), target, readOnly(mount));
        }
        return readBelow(target, paths);
    }

    /** The options for looking only. */
    static List<String> readOnly(Mount mount) {
        List<String> options = new ArrayList<>();
        String upper = "";
        for (String option : mount.options()) {
            if (option.startsWith("upperdir=")) {
                upper = option.substring("upperdir=".length());
            } else if (!option.startsWith("workdir=") && !option.equals("rw")) {
                options.add(option);
            }
        }
        if (!upper.isEmpty()) {
            String first = upper;
            options.replaceAll(option -> option.startsWith("lowerdir=")
                    ? "lowerdir=" + first + ":" + option.substring("lowerdir=".length())
                    : option);
        }
        if (!options.contains("ro")) {
            options.add("ro");
        }
        return options;
    }

    private static Map<String, byte[]> readBelow(Path root, List<String> paths) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Fd directory = Fd.directory(root)) {
            for (String path : paths) {
                try (Fd file = OpenAt2.open(directory, path, FLAGS, 0, RESOLVE)) {
                    files.put(path, readAll(file, path));
                } catch (ErrnoException e) {
                    if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR) && !e.is(Errno.ELOOP)) {
                        throw e;
                    }
                }
            }
        }
        return files;
    }

    private static byte[] readAll(Fd file, String path) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = FileIo.read(file, chunk, 0, CHUNK); count > 0; count = FileIo.read(file, chunk, 0, CHUNK)) {
            all.write(chunk, 0, count);
            if (all.size() > MAX_SIZE) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of(
                        path + " of the container's root has more than " + MAX_SIZE + " bytes");
            }
        }
        return all.toByteArray();
    }
}
