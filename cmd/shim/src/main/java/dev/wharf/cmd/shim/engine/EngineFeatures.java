package dev.wharf.cmd.shim.engine;

import dev.wharf.shim.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an engine says it can do. Source: features.md of the OCI runtime specification. */
public final class EngineFeatures {
    /** The type under which features travel in an Any. */
    public static final String TYPE_URL = "types.containerd.io/opencontainers/runtime-spec/1/features/Features";

    private static final Logger LOG = LoggerFactory.getLogger(EngineFeatures.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int OUTPUT = 1 << 18;

    private EngineFeatures() {}

    /** The features as compact JSON; empty for an engine that has no such command. */
    public static Optional<byte[]> read(EngineRunner runner, String binary) {
        try (EngineOutput output = new EngineOutput(OUTPUT)) {
            int status = runner.run(List.of(binary, "features"), Optional.empty(), output, LIMIT);
            return status == 0 ? Optional.of(Json.write(Json.readObject(output.bytes()))) : Optional.empty();
        } catch (EngineException | IllegalArgumentException e) {
            LOG.debug("no features, binary={} answer={}", binary, e.getMessage());
            return Optional.empty();
        }
    }
}
