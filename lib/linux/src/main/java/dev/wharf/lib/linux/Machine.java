package dev.wharf.lib.linux;

/** The processor architecture this JVM runs on, as far as the kernel interface differs by it. */
enum Machine {
    X86_64,
    AARCH64;

    /** The one this JVM runs on. */
    static final Machine CURRENT = of(System.getProperty("os.arch", "unknown"));

    /** The value that holds on this machine. */
    static int pick(int onX86, int onArm) {
        return CURRENT == X86_64 ? onX86 : onArm;
    }

    private static Machine of(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("no system call numbers for architecture " + name);
        };
    }
}
