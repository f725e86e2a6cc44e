package dev.wharf.lib.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/** What the child does between being made and executing: posix_spawn_file_actions_t. Source: posix_spawn(3). */
final class SpawnActions implements AutoCloseable {
    /** glibc has 80 bytes, musl 80; the rest is room. */
    private static final long SIZE = 256;

    private static final MemorySegment INIT = Libc.function("posix_spawn_file_actions_init");
    private static final MemorySegment DESTROY = Libc.function("posix_spawn_file_actions_destroy");
    private static final MemorySegment DUP2 = Libc.function("posix_spawn_file_actions_adddup2");
    private static final MemorySegment CLOSE = Libc.function("posix_spawn_file_actions_addclose");
    private static final MemorySegment OPEN = Libc.function("posix_spawn_file_actions_addopen");
    private static final MemorySegment CHDIR = Libc.function("posix_spawn_file_actions_addchdir_np");

    /** glibc 2.34; musl has none. */
    private static final Optional<MemorySegment> CLOSE_FROM = Downcall.find("posix_spawn_file_actions_addclosefrom_np");

    private final Arena arena;
    private final MemorySegment actions;

    SpawnActions(Arena arena) {
        this.arena = arena;
        this.actions = arena.allocate(SIZE, Long.BYTES);
        check("init", INIT, actions.address());
    }

    MemorySegment segment() {
        return actions;
    }

    void dup2(int from, int to) {
        check("dup2", DUP2, actions.address(), from, to);
    }

    void open(int fd, String path, int flags) {
        MemorySegment name = Memory.string(arena, path);
        check("open " + path, OPEN, actions.address(), fd, name.address(), flags, 0);
    }

    void chdir(Path directory) {
        MemorySegment name = Memory.string(arena, directory.toString());
        check("chdir", CHDIR, actions.address(), name.address());
    }

    void close(int fd) {
        check("close", CLOSE, actions.address(), fd);
    }

    /** Closes every descriptor from this one on; where the libc cannot, those that are open now. */
    void closeFrom(int first) {
        if (CLOSE_FROM.isEmpty()) {
            OpenDescriptors.numbers().filter(fd -> fd >= first).forEach(this::close);
            return;
        }
        check("closefrom", CLOSE_FROM.get(), actions.address(), first);
    }

    private static void check(String action, MemorySegment function, long... arguments) {
        Libc.check("posix_spawn_file_actions " + action, function, arguments);
    }

    /** Frees what the library allocated for the actions. */
    @Override
    public void close() {
        check("destroy", DESTROY, actions.address());
    }
}
