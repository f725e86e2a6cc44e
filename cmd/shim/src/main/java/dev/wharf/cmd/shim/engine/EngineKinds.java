package dev.wharf.cmd.shim.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which engine a binary is: asked once for each file, and again when the file was replaced, not when it vanished. */
public final class EngineKinds {
    private static final Logger LOG = LoggerFactory.getLogger(EngineKinds.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int OUTPUT = 1 << 14;

    /** Bound of the binaries remembered; beyond it all are asked anew. */
    private static final int MOST = 64;

    private final EngineRunner runner;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Optional<FileTime> changed, EngineKind kind) {}

    /** Asks by this runner. */
    public EngineKinds(EngineRunner runner) {
        this.runner = runner;
    }

    /** The kind of a binary; one that cannot be asked is of no known family, and its errors come when it is used. */
    EngineKind of(String binary) {
        Optional<FileTime> changed = changed(binary);
        Known last = known.get(binary);
        if (last != null && last.changed.equals(changed.or(() -> last.changed))) {
            return last.kind;
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        EngineKind kind = ask(binary);
        known.put(binary, new Known(changed, kind));
        return kind;
    }

    private EngineKind ask(String binary) {
        try (EngineOutput output = new EngineOutput(OUTPUT)) {
            runner.run(List.of(binary, "--version"), Optional.empty(), output, LIMIT);
            return EngineKind.ofVersionText(output.text());
        } catch (EngineException e) {
            LOG.warn("cannot ask the engine for its version, binary={} error={}", binary, e.getMessage());
            return EngineKind.ofVersionText("");
        }
    }

    /** Empty when it is not there. */
    private static Optional<FileTime> changed(String binary) {
        try {
            return Optional.of(Files.getLastModifiedTime(resolve(binary)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Path resolve(String binary) {
        if (binary.contains("/")) {
            return Path.of(binary);
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path candidate = Path.of(directory, binary);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        return Path.of(binary);
    }
}
