package dev.wharf.cmd.shim.engine;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Spawn;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a started process gets as its standard descriptors; an empty one is {@code /dev/null}.
 *
 * @param stdin read by the process
 * @param stdout written by the process
 * @param stderr written by the process
 */
public record EngineStreams(Optional<Stream> stdin, Optional<Stream> stdout, Optional<Stream> stderr) {
    /** All of them {@code /dev/null}. */
    public static final EngineStreams NONE = new EngineStreams(Optional.empty(), Optional.empty(), Optional.empty());

    /** Where one descriptor comes from. */
    public sealed interface Stream {
        /** It is open here, and stays the caller's. */
        record Given(Fd fd) implements Stream {}

        /**
         * The started process opens the fifo itself, for both directions, so that its reader sees no end when this
         * process dies before it has started that one.
         */
        record Opened(Path fifo) implements Stream {}
    }

    void giveTo(Spawn spawn) {
        stdin.ifPresent(stream -> give(spawn, 0, stream));
        stdout.ifPresent(stream -> give(spawn, 1, stream));
        stderr.ifPresent(stream -> give(spawn, 2, stream));
    }

    private static void give(Spawn spawn, int number, Stream stream) {
        switch (stream) {
            case Stream.Given(Fd fd) -> spawn.fd(number, fd);
            case Stream.Opened(Path fifo) -> spawn.open(number, fifo, OpenFlags.O_RDWR);
        }
    }
}
