package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Process group, session and signals of a child: posix_spawnattr_t. Source: posix_spawn(3). */
final class SpawnAttributes implements AutoCloseable {
    /** glibc and musl have 336 bytes; the rest is room. */
    private static final long SIZE = 512;

    private static final long SIGSET_SIZE = 128;
    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;
    private static final int SETSID = 0x80;

    /** Also 32 and 33: unless asked for, glibc has its child ignore those it uses itself. */
    private static final long ALL_SIGNALS = -1L;

    private static final MethodHandle INIT = Libc.function("posix_spawnattr_init", ADDRESS);
    private static final MethodHandle DESTROY = Libc.function("posix_spawnattr_destroy", ADDRESS);
    private static final MethodHandle FLAGS = Libc.function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
    private static final MethodHandle GROUP = Libc.function("posix_spawnattr_setpgroup", ADDRESS, JAVA_INT);
    private static final MethodHandle MASK = Libc.function("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
    private static final MethodHandle DEFAULTS = Libc.function("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);

    private final MemorySegment attributes;

    /** Default handling of all signals, none blocked: the JVM ignores and blocks some, a program expects neither. */
    SpawnAttributes(Arena arena, Spawn.Group group) {
        attributes = arena.allocate(SIZE, Long.BYTES);
        MemorySegment none = arena.allocate(SIGSET_SIZE, Long.BYTES);
        MemorySegment all = arena.allocate(SIGSET_SIZE, Long.BYTES);
        all.set(JAVA_LONG, 0, ALL_SIGNALS);
        short flags = (short) (SETSIGDEF | SETSIGMASK | flags(group));
        check("init", () -> (int) INIT.invokeExact(attributes));
        check("setsigmask", () -> (int) MASK.invokeExact(attributes, none));
        check("setsigdefault", () -> (int) DEFAULTS.invokeExact(attributes, all));
        check("setpgroup", () -> (int) GROUP.invokeExact(attributes, group.id()));
        check("setflags", () -> (int) FLAGS.invokeExact(attributes, flags));
    }

    private static int flags(Spawn.Group group) {
        return switch (group) {
            case Spawn.Group.Inherited() -> 0;
            case Spawn.Group.Session() -> SETSID;
            case Spawn.Group.Joined(int id) -> SETPGROUP;
        };
    }

    MemorySegment segment() {
        return attributes;
    }

    private static void check(String attribute, Libc.Call call) {
        Libc.check("posix_spawnattr " + attribute, call);
    }

    /** Frees what the library allocated for the attributes. */
    @Override
    public void close() {
        check("destroy", () -> (int) DESTROY.invokeExact(attributes));
    }
}
