package dev.wharf.shim.group;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Reads and writes the file that says which process serves a group. */
public final class ShimFile {
    private ShimFile() {}

    /** The living process that serves a group; empty where there is none. */
    public static Optional<ProcessIdentity> living(Group group) {
        try {
            String[] words = Files.readString(group.shimFile(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            if (words.length < 2) {
                return Optional.empty();
            }
            return Optional.of(new ProcessIdentity(Integer.parseInt(words[0]), Long.parseLong(words[1])))
                    .filter(ProcessIdentity::isAlive);
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** Says that this process serves a group. */
    static void write(Group group) throws IOException {
        ProcessIdentity self = ProcessIdentity.self();
        Path made =
                Files.writeString(group.directory().resolve("shim.new"), self.pid() + " " + self.startTime() + "\n");
        Files.move(made, group.shimFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Takes back that this process serves a group. */
    static void remove(Group group) throws IOException {
        Files.deleteIfExists(group.shimFile());
    }
}
