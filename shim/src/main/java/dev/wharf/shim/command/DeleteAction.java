package dev.wharf.shim.command;

import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.shim.DeleteCall;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.group.Group;
import dev.wharf.shim.group.ShimFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The action {@code delete}: ends and removes one container, through the process that serves it where there is one, by
 * its bundle otherwise, and prints how it ended.
 */
final class DeleteAction {
    private DeleteAction() {}

    static void run(Runtime runtime, Flags flags, PrintStream out) throws IOException {
        DeleteCall call = new DeleteCall(
                flags.required("namespace"),
                flags.required("id"),
                Path.of(flags.value("bundle").orElse("")).toAbsolutePath(),
                flags.value("address").orElse(""),
                flags.on("debug"));
        DeleteResponse response = serving(flags, call).orElseGet(() -> runtime.delete(call));
        response.writeTo(out);
        out.flush();
    }

    private static Optional<DeleteResponse> serving(Flags flags, DeleteCall call) {
        return flags.value("socket")
                .map(socket -> new Group(Path.of(socket)))
                .filter(group -> ShimFile.living(group).isPresent())
                .flatMap(group -> LiveShim.delete(group.socket(), call));
    }
}
