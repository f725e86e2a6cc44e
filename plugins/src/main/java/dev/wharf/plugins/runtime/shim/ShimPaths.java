package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the binary of a runtime: {@code io.containerd.runc.v2} is {@code containerd-shim-runc-v2}, looked for in the
 * working directory, in PATH and beside the daemon; an absolute path is itself.
 */
final class ShimPaths {
    private static final int MAX_CACHED = 256;
    private static final String RUNC = "io.containerd.runc.v2";

    private final List<Path> directories;
    private final Optional<Path> runcShim;

    /** Found binaries by name; an entry whose file is gone is looked for again. */
    private final Map<String, Path> found = new ConcurrentHashMap<>();

    ShimPaths(List<Path> directories) {
        this(directories, Optional.empty());
    }

    /** Has {@code io.containerd.runc.v2} served by {@code runcShim}, where that is given and there. */
    ShimPaths(List<Path> directories, Optional<Path> runcShim) {
        this.directories = List.copyOf(directories);
        this.runcShim = runcShim;
    }

    /** Searches where containerd does. */
    static ShimPaths ofDaemon(Path daemonBinary, String path, Optional<Path> runcShim) {
        List<Path> directories = new ArrayList<>();
        directories.add(Path.of("").toAbsolutePath());
        for (String entry : path.split(":", -1)) {
            if (entry.startsWith("/")) {
                directories.add(Path.of(entry));
            }
        }
        Path beside = daemonBinary.toAbsolutePath().getParent();
        if (beside != null) {
            directories.add(beside);
        }
        return new ShimPaths(directories.stream().distinct().toList(), runcShim);
    }

    /** The binary; {@code INVALID_ARGUMENT} for a name that names none, {@code NOT_FOUND} when it is not installed. */
    Path resolve(String runtime) {
        if (runtime.startsWith("/")) {
            return absolute(runtime);
        }
        if (runtime.equals(RUNC) && runcShim.filter(ShimPaths::isProgram).isPresent()) {
            return runcShim.get();
        }
        String binary = binaryName(runtime)
                .orElseThrow(() -> ErrorKind.INVALID_ARGUMENT.of("invalid runtime name "
                        + ShimEndpoint.quote(runtime)
                        + ": write it as `io.containerd.runc.v2`, or as the absolute path of a shim"));
        Path known = found.get(binary);
        if (known != null && isProgram(known)) {
            return known;
        }
        Path path = search(runtime, binary);
        if (found.size() >= MAX_CACHED) {
            found.clear();
        }
        found.put(binary, path);
        return path;
    }

    private static Path absolute(String runtime) {
        Path path;
        try {
            path = Path.of(runtime);
        } catch (InvalidPathException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("invalid custom binary path " + ShimEndpoint.quote(runtime), e);
        }
        if (!Files.exists(path)) {
            throw ErrorKind.NOT_FOUND.of("invalid custom binary path: stat " + runtime + ": no such file or directory");
        }
        return path;
    }

    private Path search(String runtime, String binary) {
        return directories.stream()
                .map(directory -> directory.resolve(binary))
                .filter(ShimPaths::isProgram)
                .findFirst()
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("runtime \"" + runtime + "\" binary not installed \"" + binary
                        + "\": looked for in " + directories + "; install it there, or name it by its absolute path"));
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /** The binary's name for a runtime's name of two or more parts; empty when it is none. */
    static Optional<String> binaryName(String runtime) {
        String[] parts = runtime.split("\\.", -1);
        if (runtime.contains("/") || runtime.indexOf('\0') >= 0 || parts.length < 2 || parts[0].isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("containerd-shim-" + parts[parts.length - 2] + "-" + parts[parts.length - 1]);
    }
}
