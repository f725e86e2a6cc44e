package dev.wharf.cmd.shim.engine;

import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The file an engine logs to as lines of JSON with {@code level} and {@code msg}, or {@code message} as youki has it,
 * which appends a trace of its stack.
 *
 * @param path of the file, which the engine makes
 */
record EngineLog(Path path) {
    /** Most bytes looked at; errors are at the end. */
    private static final int TAIL = 1 << 16;

    /** Its length in bytes now, 0 when it is not there. */
    long length() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last error that was written behind a position; empty when there is none, or no file. */
    Optional<String> errorSince(long position) {
        return Arrays.stream(tail(position).split("\n", -1))
                .map(EngineLog::error)
                .flatMap(Optional::stream)
                .reduce((earlier, later) -> later);
    }

    private static Optional<String> error(String line) {
        if (line.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonObject entry = Json.readObject(line.getBytes(StandardCharsets.UTF_8));
            return Optional.of(entry)
                    .filter(e -> e.string("level").equalsIgnoreCase("error"))
                    .map(e -> message(e).strip())
                    .filter(message -> !message.isEmpty());
        } catch (IllegalArgumentException e) {
            // A line cut at its beginning, or not written by the engine itself.
            return Optional.empty();
        }
    }

    private static String message(JsonObject entry) {
        String message = entry.string("msg").isEmpty() ? entry.string("message") : entry.string("msg");
        int trace = message.indexOf("\n\nStack backtrace:");
        return trace < 0 ? message : message.substring(0, trace);
    }

    private String tail(long position) {
        try (FileChannel file = FileChannel.open(path)) {
            long start = Math.max(position, file.size() - TAIL);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.clamp(file.size() - start, 0, TAIL));
            while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) > 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
