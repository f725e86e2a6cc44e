package dev.wharf.cmd.wharfd.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration, collected so that all of it can be told at once. */
public final class Problems {
    private final List<String> errors = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    /**
     * Something to log that does not stop the daemon.
     *
     * @param warning whether it is a warning rather than information
     * @param message what
     * @param at where
     * @param key the full name of the key
     */
    public record Note(boolean warning, String message, Position at, String key) {}

    void error(Position at, String key, String message) {
        errors.add(at + ": " + key + ": " + message);
    }

    void error(Position at, String message) {
        errors.add(at + ": " + message);
    }

    void warn(Position at, String key, String message) {
        notes.add(new Note(true, message, at, key));
    }

    void inform(Position at, String key, String message) {
        notes.add(new Note(false, message, at, key));
    }

    /** The errors, each with file, row and column, in the order found. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** What to log, in the order found. */
    public List<Note> notes() {
        return List.copyOf(notes);
    }
}
