package dev.wharf.cmd.shim.task;

import dev.wharf.api.runc.v1.CheckpointOptions;
import dev.wharf.cmd.shim.engine.Checkpoint;
import dev.wharf.cmd.shim.engine.EngineException;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Writing an image of a container. When criu fails, its log is kept in the bundle. */
final class Checkpointing {
    private final Container container;

    Checkpointing(Container container) {
        this.container = container;
    }

    void run(String image, CheckpointOptions options) {
        boolean ownWork = options.getWorkPath().isEmpty();
        Path work = ownWork ? container.bundle().work().resolve("criu-work") : Path.of(options.getWorkPath());
        try {
            Files.createDirectories(work);
            container
                    .engine()
                    .checkpoint(
                            new Checkpoint(options, image, work.toString(), options.getParentPath()),
                            !options.getExit(),
                            Limits.CHECKPOINT);
        } catch (EngineException e) {
            Path log = keepLog(work);
            throw new ShimException(ShimException.Code.UNKNOWN, e.firstLine() + " path= " + log, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + work, e);
        } finally {
            if (ownWork) {
                remove(work);
            }
        }
    }

    private Path keepLog(Path work) {
        Path log = container.bundle().directory().resolve("criu-dump.log");
        try {
            Files.copy(work.resolve("dump.log"), log, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // criu may have failed before it had a log; the engine's words are told anyway.
            return log;
        }
        return log;
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
