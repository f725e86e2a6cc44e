package dev.wharf.cmd.shimwasi;

import dev.wharf.cmd.shimwasi.task.WasiRuntime;
import dev.wharf.shim.command.ShimProgram;

/** The program containerd-shim-wharfwasi-v1, behind its launcher. */
public final class Main {
    private Main() {}

    /** Does what the command line says. */
    public static void main(String[] arguments) {
        ShimProgram.main(new WasiRuntime(), arguments);
    }
}
