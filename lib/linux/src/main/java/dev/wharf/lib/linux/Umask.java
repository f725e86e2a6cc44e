package dev.wharf.lib.linux;

/** The permission bits that are taken from files the process creates, all its threads alike. Source: umask(2). */
public final class Umask {
    private Umask() {}

    /** Sets the mask and answers the one before. */
    public static int set(int mask) {
        return Math.toIntExact(Syscall.UMASK.call(mask));
    }
}
