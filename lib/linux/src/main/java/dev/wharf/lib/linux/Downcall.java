package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The one native call all others here go through: seven register-sized arguments, one such result, errno kept.
 *
 * <p>Each distinct shape of a call makes the JVM generate code when it is first linked, tens of milliseconds for a
 * program that lives for a hundred. So every function is called in the shape of {@code syscall(2)}, the longest: the
 * calling conventions of both architectures pass integers and pointers alike in registers, a function does not look at
 * arguments it does not have, and an {@code int} is the lower half of its register. Functions with floating point
 * arguments, or structures by value, could not be called this way; none is. Source: System V ABI for AMD64, section
 * 3.2.3; AAPCS64, section 6.8.
 *
 * <p>Pointers are passed as {@link MemorySegment#address()} of native memory which the caller keeps alive across the
 * call, usually by a confined arena around it.
 */
final class Downcall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));

    /** Where the linker stores errno: one small segment per thread, written and read without a switch in between. */
    private static final ThreadLocal<MemorySegment> STATE_OF_THREAD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private Downcall() {}

    /** The address of a function of the C library, if it has one of that name. */
    static Optional<MemorySegment> find(String function) {
        return LINKER.defaultLookup().find(function);
    }

    /** Calls a function; {@link #errno()} tells afterwards what it left there. */
    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL.invokeExact(function, STATE_OF_THREAD.get(), a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw new AssertionError("a downcall handle does not throw", t);
        }
    }

    /** The errno after the last call of this thread. */
    static int errno() {
        return STATE_OF_THREAD.get().get(JAVA_INT, ERRNO_OFFSET);
    }
}
