package dev.wharf.cmd.wharfd.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a file and what it imports, breadth first, each file once, and merges them, later ones over earlier ones. */
final class ConfigFiles {
    /** More files than anybody has; keeps a mistaken glob from reading a whole disk. */
    private static final int MOST_FILES = 1000;

    private final Problems problems;
    private final Set<Path> loaded = new HashSet<>();
    private final Deque<Path> pending = new ArrayDeque<>();

    private ConfigFiles(Problems problems) {
        this.problems = problems;
    }

    /** The merged tree, of the current version. */
    static Node.Table load(Path path, Problems problems) {
        return new ConfigFiles(problems).loadAll(path.toAbsolutePath().normalize());
    }

    private Node.Table loadAll(Path first) {
        Node.Table merged = new Node.Table(new Position(first.toString(), 0, 0));
        pending.add(first);
        while (!pending.isEmpty()) {
            Path path = pending.removeFirst();
            if (loaded.add(path)) {
                loadOne(path).ifPresent(file -> Merge.over(merged, file));
            }
        }
        return merged;
    }

    private Optional<Node.Table> loadOne(Path path) {
        if (loaded.size() > MOST_FILES) {
            problems.error(new Position(path.toString(), 0, 0), "is beyond the " + MOST_FILES + " files that are read");
            pending.clear();
            return Optional.empty();
        }
        Optional<Node.Table> read = TomlFile.read(path, problems);
        return read.filter(file -> current(file, path)).map(file -> {
            addImports(file, path);
            return file;
        });
    }

    /** Migrates a file; false where its version cannot be read. */
    private boolean current(Node.Table file, Path path) {
        int version = 0;
        Node written = file.entries().remove("version");
        if (written instanceof Node.Scalar scalar && scalar.value() instanceof Long number) {
            version = (int) Math.clamp(number, -1L, Integer.MAX_VALUE);
        } else if (written != null) {
            problems.error(written.at(), "version", "must be a whole number, is " + written.kind());
            return false;
        }
        if (version < 0 || version > ServerConfig.VERSION) {
            problems.error(
                    written == null ? file.at() : written.at(),
                    "version",
                    "expected containerd config version equal to or less than `" + ServerConfig.VERSION + "`, got `"
                            + version + "`");
            return false;
        }
        if (version < ServerConfig.VERSION) {
            problems.inform(
                    new Position(path.toString(), 0, 0),
                    "version",
                    "configuration migrated from version " + version + ", `wharfd config migrate` prints it as version "
                            + ServerConfig.VERSION);
            Migrations.apply(file, version, problems);
        }
        return true;
    }

    private void addImports(Node.Table file, Path path) {
        if (!(file.get("imports") instanceof Node.Items items)) {
            return;
        }
        for (Node item : items.nodes()) {
            if (item instanceof Node.Scalar scalar && scalar.value() instanceof String text) {
                pending.addAll(resolve(path, text, item.at()));
            }
        }
    }

    private List<Path> resolve(Path importing, String text, Position at) {
        Path parent = importing.getParent();
        Path wanted = (parent == null ? importing : parent).resolve(text).normalize();
        if (!text.contains("*")) {
            return List.of(wanted);
        }
        try {
            return glob(wanted);
        } catch (IOException | DirectoryIteratorException e) {
            problems.error(at, "imports", "cannot list " + wanted + ": " + e);
            return List.of();
        }
    }

    /** Files that match, in the order of their names; stars may stand in directories too. */
    private static List<Path> glob(Path pattern) throws IOException {
        List<Path> found = List.of(FileSystems.getDefault().getPath("/"));
        for (Path part : pattern) {
            found = part.toString().contains("*") ? matching(found, part.toString()) : existing(found, part);
        }
        return found.stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> existing(List<Path> parents, Path name) {
        return parents.stream()
                .map(parent -> parent.resolve(name))
                .filter(Files::exists)
                .toList();
    }

    private static List<Path> matching(List<Path> parents, String glob) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        List<Path> found = new ArrayList<>();
        for (Path parent : parents) {
            if (Files.isDirectory(parent)) {
                try (DirectoryStream<Path> children =
                        Files.newDirectoryStream(parent, child -> matcher.matches(child.getFileName()))) {
                    children.forEach(found::add);
                }
            }
        }
        return found.stream().sorted().toList();
    }
}
