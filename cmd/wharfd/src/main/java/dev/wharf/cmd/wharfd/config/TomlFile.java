package dev.wharf.cmd.wharfd.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One file of TOML as a tree of nodes. */
final class TomlFile {
    private final String file;

    private TomlFile(String file) {
        this.file = file;
    }

    /** Reads a file; where it cannot be read or is no TOML, all that is wrong goes to {@code problems}. */
    static Optional<Node.Table> read(Path path, Problems problems) {
        try {
            return parse(path.toString(), Files.readString(path), problems);
        } catch (NoSuchFileException e) {
            problems.error(new Position(path.toString(), 0, 0), "no such file");
        } catch (IOException e) {
            problems.error(new Position(path.toString(), 0, 0), "cannot be read: " + e);
        }
        return Optional.empty();
    }

    /** Parses text that came from {@code file}. */
    static Optional<Node.Table> parse(String file, String text, Problems problems) {
        TomlParseResult parsed = Toml.parse(text);
        parsed.errors().forEach(error -> {
            TomlPosition at = error.position();
            String message = error.getMessage();
            problems.error(
                    new Position(file, at.line(), at.column()), "is no TOML: " + (message == null ? "" : message));
        });
        TomlFile source = new TomlFile(file);
        return parsed.hasErrors() ? Optional.empty() : Optional.of(source.table(parsed, new Position(file, 0, 0)));
    }

    private Node.Table table(TomlTable table, Position at) {
        Node.Table nodes = new Node.Table(at);
        for (Map.Entry<String, Object> entry : table.entrySet()) {
            TomlPosition position = table.inputPositionOf(List.of(entry.getKey()));
            Position here = position == null ? at : new Position(file, position.line(), position.column());
            nodes.entries().put(entry.getKey(), node(entry.getValue(), here));
        }
        return nodes;
    }

    private Node node(Object value, Position at) {
        return switch (value) {
            case TomlTable table -> table(table, at);
            case TomlArray array -> items(array, at);
            default -> new Node.Scalar(value, at);
        };
    }

    private Node items(TomlArray array, Position at) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            TomlPosition position = array.inputPositionOf(i);
            nodes.add(node(array.get(i), new Position(file, position.line(), position.column())));
        }
        return new Node.Items(nodes, at);
    }
}
