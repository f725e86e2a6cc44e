package dev.wharf.shim.command;

import dev.wharf.api.runtime.task.v3.DeleteResponse;
import dev.wharf.shim.DeleteCall;
import dev.wharf.shim.Runtime;
import dev.wharf.shim.group.Group;
import dev.wharf.shim.group.GroupLock;
import dev.wharf.shim.group.ShimFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The action {@code delete}: ends and removes one container, through the process that serves it where there is one, by
 * its bundle otherwise, and prints how it ended.
 */
final class DeleteAction {
    /** How long a process may take that is being started or ends; daemons give this action five seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final long PAUSE_MILLIS = 5;

    private DeleteAction() {}

    static void run(Runtime runtime, Flags flags, PrintStream out) throws IOException, InterruptedException {
        DeleteCall call = new DeleteCall(
                flags.required("namespace"),
                flags.required("id"),
                Path.of(flags.value("bundle").orElse("")).toAbsolutePath(),
                flags.value("address").orElse(""),
                flags.on("debug"));
        Optional<Group> group =
                flags.value("socket").map(socket -> new Group(Path.of(socket))).filter(DeleteAction::isThere);
        DeleteResponse response = group.isPresent() ? delete(runtime, group.get(), call) : runtime.delete(call);
        response.writeTo(out);
        out.flush();
    }

    private static boolean isThere(Group group) {
        return Files.isDirectory(group.directory());
    }

    /**
     * Through the process that serves the group, or by the bundle while no process can begin to: one that is just being
     * started would take the container back that is removed here.
     */
    private static DeleteResponse delete(Runtime runtime, Group group, DeleteCall call)
            throws IOException, InterruptedException {
        for (long until = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < until; ) {
            if (ShimFile.living(group).isPresent()) {
                return LiveShim.delete(group.socket(), call).orElseGet(() -> runtime.delete(call));
            }
            Optional<GroupLock> lock = GroupLock.tryTake(group);
            if (lock.isPresent()) {
                try (GroupLock held = lock.get()) {
                    DeleteResponse response = runtime.delete(call);
                    runtime.giveBack(group.directory());
                    return response;
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return runtime.delete(call);
    }
}
