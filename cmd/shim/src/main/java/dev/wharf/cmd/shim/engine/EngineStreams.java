package dev.wharf.cmd.shim.engine;

import dev.wharf.lib.linux.Fd;
import java.util.Optional;

/**
 * What a started process gets as its standard descriptors, which stay the caller's; an empty one is {@code /dev/null}.
 *
 * @param stdin read by the process
 * @param stdout written by the process
 * @param stderr written by the process
 */
public record EngineStreams(Optional<Fd> stdin, Optional<Fd> stdout, Optional<Fd> stderr) {
    /** All of them {@code /dev/null}. */
    public static final EngineStreams NONE = new EngineStreams(Optional.empty(), Optional.empty(), Optional.empty());
}
