package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one container's shim.
 *
 * @param namespace of the container
 * @param id of the container
 * @param path the directory
 * @param work its work directory, which survives a reboot
 */
record Bundle(String namespace, String id, Path path, Path work) {
    private static final Logger LOG = LoggerFactory.getLogger(Bundle.class);

    /** A file of the shim's is a line or a short document; more is not read. */
    private static final int MAX_FILE = 64 << 10;

    private static final String BOOTSTRAP = "bootstrap.json";

    /** Where wharf's own shim notes what its successor needs. */
    private static final String TAKEN_BACK = "wharf-shim.json";

    private static final String BINARY = "shim-binary-path";

    Path rootfs() {
        return path.resolve("rootfs");
    }

    Path log() {
        return path.resolve("log");
    }

    /** Notes the program of the shim, for a later start of the daemon. */
    void writeBinary(Path binary) {
        write(BINARY, binary.toString(), "rw-------");
    }

    /** Whether the container outlives its shim, as another one that is started takes it back. */
    boolean isTakenBack() {
        return Files.exists(path.resolve(TAKEN_BACK));
    }

    /** The program of the shim as noted. */
    Optional<String> binary() {
        return read(BINARY).filter(text -> !text.isEmpty());
    }

    /** Notes where the shim listens. */
    void writeEndpoint(ShimEndpoint endpoint) {
        write(BOOTSTRAP, endpoint.toJson(), "rw-r--r--");
    }

    /** Notes the sandbox whose shim this container shares. */
    void writeSandbox(String sandboxId) {
        write("sandbox", sandboxId, "rw-------");
    }

    /** Where the shim listens as noted here, or by a daemon before 2.0 in the file {@code address}. */
    Optional<ShimEndpoint> endpoint() {
        Optional<String> json = read(BOOTSTRAP);
        if (json.isPresent()) {
            return json.map(ShimEndpoint::parseJson);
        }
        return read("address")
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(address -> new ShimEndpoint(ShimEndpoint.OLDEST, address, "ttrpc"));
    }

    /** The first process of the container as the shim wrote it down. */
    InitProcess init() {
        Path file = path.resolve("init.pid");
        try {
            int pid = Integer.parseInt(read("init.pid").orElse("0").strip());
            Instant written = pid > 0 ? Files.getLastModifiedTime(file).toInstant() : Instant.EPOCH;
            return new InitProcess(pid, written);
        } catch (NumberFormatException | IOException e) {
            return InitProcess.NONE;
        }
    }

    /** All processes that engines wrote down here: the first one and added ones. */
    Set<Integer> pids() {
        Set<Integer> pids = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*.pid")) {
            for (Path file : files) {
                pid(Trees.name(file)).ifPresent(pids::add);
            }
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw failed("list", e);
        }
        return pids;
    }

    private OptionalInt pid(String file) {
        try {
            return read(file)
                    .map(text -> OptionalInt.of(Integer.parseInt(text.strip())))
                    .orElse(OptionalInt.empty());
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Whether nothing is in the directory. */
    boolean isEmpty() {
        try (var entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            throw failed("list", e);
        }
    }

    /**
     * Unmounts the root and removes the bundle with its work directory; the directory vanishes from its place in one
     * step. Fails, and leaves the files, while something stays mounted below it.
     */
    void delete() {
        hide().forEach(this::removeHidden);
    }

    /** The same, but its files go a little later; a daemon that dies before goes on with it when it is started again. */
    void deleteSoon() {
        List<Path> hidden = hide();
        Thread.ofVirtual().name("delete-bundle-" + id()).start(() -> {
            try {
                hidden.forEach(this::removeHidden);
            } catch (WharfException e) {
                LOG.warn("files of a deleted bundle are left", e);
            }
        });
    }

    private List<Path> hide() {
        try {
            unmount();
            return List.of(Trees.hide(path), Trees.hide(work));
        } catch (IOException | ErrnoException e) {
            throw failed("delete", e);
        }
    }

    private void removeHidden(Path hidden) {
        try {
            Trees.removeInPlace(hidden);
        } catch (IOException e) {
            throw failed("delete", e);
        }
    }

    private void unmount() throws IOException {
        if (!Trees.exists(rootfs())) {
            return;
        }
        try {
            Mounts.unmountRecursive(rootfs(), Mounts.UMOUNT_NOFOLLOW);
        } catch (ErrnoException e) {
            if (!e.is(Errno.EBUSY)) {
                throw e;
            }
            Mounts.unmountRecursive(rootfs(), Mounts.UMOUNT_NOFOLLOW | Mounts.MNT_DETACH);
        }
        refuseMountsBelow();
    }

    /** Removing files through a mount would remove those of somebody else. */
    private void refuseMountsBelow() {
        MountInfo.below(path).stream().findFirst().ifPresent(mount -> {
            throw new ErrnoException(Errno.EBUSY, "still mounted: " + mount.mountPoint());
        });
    }

    private void write(String name, String text, String permissions) {
        try {
            Trees.write(path.resolve(name), text.getBytes(StandardCharsets.UTF_8), permissions);
        } catch (IOException e) {
            throw failed("write " + name + " of", e);
        }
    }

    private Optional<String> read(String name) {
        try (var in = Files.newInputStream(path.resolve(name))) {
            return Optional.of(new String(in.readNBytes(MAX_FILE), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read " + name + " of", e);
        }
    }

    private RuntimeException failed(String doing, Exception cause) {
        return ErrorKind.UNKNOWN.of(doing + " bundle " + path + ": " + cause.getMessage(), cause);
    }
}
