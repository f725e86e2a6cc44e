package dev.wharf.shim.command;

import dev.wharf.shim.Runtime;
import java.io.PrintStream;
import java.util.Objects;

/** What {@code -version} prints, and the version of a runtime. */
final class VersionText {
    private VersionText() {}

    /** The version in the manifest of the runtime's jar. */
    static String version(Runtime runtime) {
        return Objects.requireNonNullElse(runtime.getClass().getPackage().getImplementationVersion(), "unpackaged");
    }

    static String revision() {
        return System.getProperty("wharf.revision", "unknown");
    }

    static void print(Runtime runtime, PrintStream out) {
        out.println(program(runtime.name()) + ":");
        out.println("  Version:  " + version(runtime));
        out.println("  Revision: " + revision());
        out.println("  Java version: " + System.getProperty("java.version"));
        out.println();
        out.flush();
    }

    /** The program that serves a runtime's name: {@code a.b.NAME.VERSION}. Source: contract 7.2. */
    private static String program(String runtime) {
        int version = runtime.lastIndexOf('.');
        int name = runtime.lastIndexOf('.', version - 1);
        return "containerd-shim-" + runtime.substring(name + 1, version) + "-" + runtime.substring(version + 1);
    }
}
