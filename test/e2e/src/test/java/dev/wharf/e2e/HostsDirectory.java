package dev.wharf.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of hosts.toml files, as containerd's {@code certs.d}. */
record HostsDirectory(Path path) {
    /** Makes an empty one. */
    static HostsDirectory in(Path parent) {
        try {
            return new HostsDirectory(Files.createTempDirectory(parent, "certs.d-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the file of a registry.
     *
     * @param registry host and port as in image names
     */
    HostsDirectory with(String registry, String toml) {
        try {
            Path directory = Files.createDirectories(path.resolve(registry));
            Files.writeString(directory.resolve("hosts.toml"), toml);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
