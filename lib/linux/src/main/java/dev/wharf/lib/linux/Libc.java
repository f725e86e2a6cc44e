package dev.wharf.lib.linux;

import java.lang.foreign.MemorySegment;

/** The few functions of the C library that are more than a system call. */
final class Libc {
    /** Longest error text that is read back; those of glibc and musl are below 60 bytes. */
    private static final int MAX_TEXT = 256;

    private Libc() {}

    /** The address of a function every supported libc has. */
    static MemorySegment function(String name) {
        return Downcall.find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }

    /**
     * Calls a function that answers an error number, and throws when it is not 0.
     *
     * @param operation what to say in the exception
     * @param arguments integers and addresses, at most seven
     */
    static void check(String operation, MemorySegment function, long... arguments) {
        int error = (int) call(function, arguments);
        if (error != 0) {
            throw new ErrnoException(error, operation);
        }
    }

    /** The text for an error number. Source: strerror(3). */
    static String strerror(int number) {
        long text = call(Text.STRERROR, number);
        return MemorySegment.ofAddress(text).reinterpret(MAX_TEXT).getString(0);
    }

    private static long call(MemorySegment function, long... arguments) {
        long[] a = new long[7];
        System.arraycopy(arguments, 0, a, 0, arguments.length);
        return Downcall.call(function, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    }

    /** Looked up when the first error is described, not before. */
    private static final class Text {
        static final MemorySegment STRERROR = function("strerror");

        private Text() {}
    }
}
