package dev.wharf.core.transfer;

import dev.wharf.core.oci.Descriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a transfer, in containerd's words.
 *
 * @param event what happens, e.g. {@code downloading}
 * @param name what it happens to, or empty for the whole
 * @param parents names of what that belongs to
 * @param progress bytes done
 * @param total bytes to do, 0 when unknown
 * @param descriptor what it is, or null
 */
public record Progress(
        String event,
        String name,
        List<String> parents,
        long progress,
        long total,
        @Nullable Descriptor descriptor) {
    public Progress {
        parents = List.copyOf(parents);
    }

    /** A step of the whole. */
    public static Progress of(String event) {
        return new Progress(event, "", List.of(), 0, 0, null);
    }

    /** A step of something with a descriptor. */
    public static Progress of(String event, String name, Descriptor descriptor) {
        return new Progress(event, name, List.of(), 0, 0, descriptor);
    }

    /** Is told of steps. Called by several threads at once; must not block. */
    @FunctionalInterface
    public interface Listener {
        /** Tells nobody. */
        Listener NONE = step -> {};

        /** A step was done. */
        void on(Progress step);
    }
}
