package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

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

    private static final MemorySegment INIT = Libc.function("posix_spawnattr_init");
    private static final MemorySegment DESTROY = Libc.function("posix_spawnattr_destroy");
    private static final MemorySegment FLAGS = Libc.function("posix_spawnattr_setflags");
    private static final MemorySegment GROUP = Libc.function("posix_spawnattr_setpgroup");
    private static final MemorySegment MASK = Libc.function("posix_spawnattr_setsigmask");
    private static final MemorySegment DEFAULTS = Libc.function("posix_spawnattr_setsigdefault");

    private final MemorySegment attributes;

    /** Default handling of all signals, none blocked: the JVM ignores and blocks some, a program expects neither. */
    SpawnAttributes(Arena arena, Spawn.Group group) {
        attributes = arena.allocate(SIZE, Long.BYTES);
        MemorySegment none = arena.allocate(SIGSET_SIZE, Long.BYTES);
        MemorySegment all = arena.allocate(SIGSET_SIZE, Long.BYTES);
        all.set(JAVA_LONG, 0, ALL_SIGNALS);
        short flags = (short) (SETSIGDEF | SETSIGMASK | flags(group));
        check("init", INIT, attributes.address());
        check("setsigmask", MASK, attributes.address(), none.address());
        check("setsigdefault", DEFAULTS, attributes.address(), all.address());
        check("setpgroup", GROUP, attributes.address(), group.id());
        check("setflags", FLAGS, attributes.address(), flags);
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

    private static void check(String attribute, MemorySegment function, long... arguments) {
        Libc.check("posix_spawnattr " + attribute, function, arguments);
    }

    /** Frees what the library allocated for the attributes. */
    @Override
    public void close() {
        check("destroy", DESTROY, attributes.address());
    }
}
