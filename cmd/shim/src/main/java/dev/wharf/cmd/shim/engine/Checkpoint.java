package dev.wharf.cmd.shim.engine;

import dev.wharf.api.runc.v1.CheckpointOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * What to put into an image of a container, or take from one.
 *
 * @param options containerd's
 * @param image directory of the image
 * @param work directory for criu's own files
 * @param parent directory of an earlier image this one builds on; empty for none
 */
public record Checkpoint(CheckpointOptions options, String image, String work, String parent) {
    /** An image to restore from. */
    public static Checkpoint toRestore(String image, String work, String parent) {
        return new Checkpoint(CheckpointOptions.getDefaultInstance(), image, work, parent);
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        valued(arguments, "--image-path", image);
        valued(arguments, "--work-path", work);
        valued(arguments, "--parent-path", parent);
        flag(arguments, "--tcp-established", options.getOpenTcp());
        flag(arguments, "--ext-unix-sk", options.getExternalUnixSockets());
        flag(arguments, "--shell-job", options.getTerminal());
        flag(arguments, "--file-locks", options.getFileLocks());
        options.getEmptyNamespacesList().forEach(namespace -> valued(arguments, "--empty-ns", namespace));
        return arguments;
    }

    private static void valued(List<String> arguments, String name, String value) {
        if (!value.isEmpty()) {
            arguments.add(name);
            arguments.add(value);
        }
    }

    private static void flag(List<String> arguments, String name, boolean set) {
        if (set) {
            arguments.add(name);
        }
    }
}
