package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/** What the child does between being made and executing: posix_spawn_file_actions_t. Source: posix_spawn(3). */
final class SpawnActions implements AutoCloseable {
    /** glibc has 80 bytes, musl 80; the rest is room. */
    private static final long SIZE = 256;

    private static final MethodHandle INIT = Libc.function("posix_spawn_file_actions_init", ADDRESS);
    private static final MethodHandle DESTROY = Libc.function("posix_spawn_file_actions_destroy", ADDRESS);
    private static final MethodHandle DUP2 =
            Libc.function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = Libc.function("posix_spawn_file_actions_addclose", ADDRESS, JAVA_INT);
    private static final MethodHandle OPEN =
            Libc.function("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle CHDIR = Libc.function("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);

    /** glibc 2.34; musl has none. */
    private static final Optional<MethodHandle> CLOSE_FROM =
            Libc.find("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);

    private final Arena arena;
    private final MemorySegment actions;

    SpawnActions(Arena arena) {
        this.arena = arena;
        this.actions = arena.allocate(SIZE, Long.BYTES);
        check("init", () -> (int) INIT.invokeExact(actions));
    }

    MemorySegment segment() {
        return actions;
    }

    void dup2(int from, int to) {
        check("dup2", () -> (int) DUP2.invokeExact(actions, from, to));
    }

    void open(int fd, String path, int flags) {
        MemorySegment name = Memory.string(arena, path);
        check("open " + path, () -> (int) OPEN.invokeExact(actions, fd, name, flags, 0));
    }

    void chdir(Path directory) {
        MemorySegment name = Memory.string(arena, directory.toString());
        check("chdir", () -> (int) CHDIR.invokeExact(actions, name));
    }

    void close(int fd) {
        check("close", () -> (int) CLOSE.invokeExact(actions, fd));
    }

    /** Closes every descriptor from this one on; where the libc cannot, those that are open now. */
    void closeFrom(int first) {
        if (CLOSE_FROM.isEmpty()) {
            OpenDescriptors.numbers().filter(fd -> fd >= first).forEach(this::close);
            return;
        }
        MethodHandle closeFrom = CLOSE_FROM.get();
        check("closefrom", () -> (int) closeFrom.invokeExact(actions, first));
    }

    private static void check(String action, Libc.Call call) {
        Libc.check("posix_spawn_file_actions " + action, call);
    }

    /** Frees what the library allocated for the actions. */
    @Override
    public void close() {
        check("destroy", () -> (int) DESTROY.invokeExact(actions));
    }
}
