package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The bundles of the containers of a group: a directory with a symbolic link to each. */
final class BundleIndex {
    private final Path directory;

    BundleIndex(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    void add(ContainerKey key, Bundle bundle) {
        Path link = directory.resolve(key.fileName());
        try {
            try {
                Files.createSymbolicLink(link, bundle.directory());
            } catch (FileAlreadyExistsException e) {
                Files.delete(link);
                Files.createSymbolicLink(link, bundle.directory());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + link, e);
        }
    }

    void remove(ContainerKey key) {
        Path link = directory.resolve(key.fileName());
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + link, e);
        }
    }

    /** One bundle as it was entered. */
    record Entry(ContainerKey key, Bundle bundle) {}

    List<Entry> entries() {
        try (Stream<Path> links = Files.list(directory)) {
            return links.filter(Files::isSymbolicLink).map(BundleIndex::entry).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static Entry entry(Path link) {
        String name = link.getFileName().toString();
        int comma = name.indexOf(',');
        try {
            ContainerKey key = new ContainerKey(name.substring(0, Math.max(0, comma)), name.substring(comma + 1));
            return new Entry(key, new Bundle(Files.readSymbolicLink(link)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + link, e);
        }
    }
}
