package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Lookup of the few functions of the C library that are more than a system call, and the text of errors. */
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();

    /** Longest error text that is read back; those of glibc and musl are below 60 bytes. */
    private static final int MAX_TEXT = 256;

    private Libc() {}

    /** The handle of a function that returns an int: an error number, for the functions used here. */
    static MethodHandle function(String name, MemoryLayout... parameters) {
        return find(name, parameters).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }

    /** The same for a function which not every libc has. */
    static Optional<MethodHandle> find(String name, MemoryLayout... parameters) {
        return LINKER.defaultLookup()
                .find(name)
                .map(symbol -> LINKER.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, parameters)));
    }

    /** A downcall whose result is an error number. */
    @FunctionalInterface
    interface Call {
        int make() throws Throwable;
    }

    /** Makes the call and throws when it answers an error number. */
    static void check(String operation, Call call) {
        int error = make(call);
        if (error != 0) {
            throw new ErrnoException(error, operation);
        }
    }

    /** Makes the call and answers its result. */
    static int make(Call call) {
        try {
            return call.make();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall handle does not throw", t);
        }
    }

    /** The text for an error number. Source: strerror(3). */
    static String strerror(int number) {
        try {
            MemorySegment text = (MemorySegment) Text.STRERROR.invokeExact(number);
            return text.reinterpret(MAX_TEXT).getString(0);
        } catch (Throwable t) {
            throw new AssertionError("a downcall handle does not throw", t);
        }
    }

    /** Linked when the first error is described, not before. */
    private static final class Text {
        static final MethodHandle STRERROR = LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

        private Text() {}
    }
}
