package dev.wharf.cmd.shim;

import dev.wharf.cmd.shim.task.WharfRuntime;
import dev.wharf.shim.command.ShimProgram;

/** The program containerd-shim-wharf-v1, which its launcher starts. */
public final class Main {
    private Main() {}

    /** Serves, deletes or tells of itself, as the command line says. */
    public static void main(String[] arguments) {
        ShimProgram.main(new WharfRuntime(), arguments);
    }
}
