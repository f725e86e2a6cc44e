package dev.wharf.lib.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program to start: arguments, environment, directory, descriptors, process group.
 *
 * <p>The child gets the descriptors named here and no other, {@code /dev/null} for those of 0, 1 and 2 that are not
 * named; default handling of all signals; none blocked. Capabilities, namespaces and parent death signal are those of
 * the starting thread. Source: posix_spawn(3).
 */
public final class Spawn {
    /** Bound on the descriptor numbers a child can be given. */
    private static final int MAX_FD = 1023;

    private static final MemorySegment POSIX_SPAWN = Libc.function("posix_spawn");

    private final List<String> arguments;
    private final SortedMap<Integer, Fd> descriptors = new TreeMap<>();
    private final SortedMap<Integer, FileToOpen> files = new TreeMap<>();
    private Map<String, String> environment = System.getenv();
    private Group group = new Group.Inherited();
    private @Nullable Path directory;
    private @Nullable Path terminal;

    private Spawn(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least its name");
        }
        this.arguments = List.copyOf(arguments);
    }

    private record FileToOpen(Path path, int flags) {}

    /** Which process group the child is in. */
    sealed interface Group {
        /** The group number posix_spawnattr_setpgroup takes, 0 where it means the child's own or nothing. */
        default int id() {
            return this instanceof Joined(int joined) ? joined : 0;
        }

        /** That of this process. */
        record Inherited() implements Group {}

        /** One of its own in a session of its own. */
        record Session() implements Group {}

        /** A given one of this session, 0 for one of its own. */
        record Joined(int group) implements Group {}
    }

    /** A command; a name without a slash is looked up in the PATH of this process. */
    public static Spawn command(List<String> arguments) {
        return new Spawn(arguments);
    }

    /** A command; a name without a slash is looked up in the PATH of this process. */
    public static Spawn command(String... arguments) {
        return new Spawn(List.of(arguments));
    }

    /** Sets the whole environment; without this call it is that of this process. */
    public Spawn environment(Map<String, String> variables) {
        environment = Map.copyOf(variables);
        return this;
    }

    /** Sets the working directory, from which a program named by a relative path is taken too. */
    public Spawn directory(Path path) {
        directory = path;
        return this;
    }

    /** Gives the child a descriptor under a number; it stays open and owned here. */
    public Spawn fd(int number, Fd fd) {
        checkNumber(number);
        descriptors.put(number, fd);
        return this;
    }

    /** Gives the child a file under a number, which the child opens itself: here it is never open. */
    public Spawn open(int number, Path file, int flags) {
        checkNumber(number);
        files.put(number, new FileToOpen(file, flags));
        return this;
    }

    private static void checkNumber(int number) {
        if (number < 0 || number > MAX_FD) {
            throw new IllegalArgumentException("descriptor number out of 0 to " + MAX_FD + ": " + number);
        }
    }

    /** Puts the child into a process group of its own, whose number is its pid. */
    public Spawn newProcessGroup() {
        return processGroup(0);
    }

    /** Puts the child into a process group of this session, 0 meaning one of its own. */
    public Spawn processGroup(int id) {
        group = new Group.Joined(id);
        return this;
    }

    /** Puts the child into a session of its own, without a terminal. */
    public Spawn newSession() {
        group = new Group.Session();
        return this;
    }

    /** Puts the child into a session of its own whose terminal, and 0, 1 and 2 unless given, are this device. */
    public Spawn terminal(Path device) {
        terminal = device;
        return newSession();
    }

    /**
     * Starts the program. Blocks until the child has executed it, which is short; a failure to execute is thrown here.
     */
    public Child start() {
        Path program = program();
        List<Fd> sources = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                SpawnActions actions = new SpawnActions(arena);
                SpawnAttributes attributes = new SpawnAttributes(arena, group)) {
            plan(actions, sources);
            MemorySegment pid = arena.allocate(JAVA_INT);
            MemorySegment path = Memory.string(arena, program.toString());
            MemorySegment argv = Memory.strings(arena, arguments);
            MemorySegment envp = Memory.strings(arena, variables());
            Libc.check(
                    "start " + program + inDirectory(),
                    POSIX_SPAWN,
                    pid.address(),
                    path.address(),
                    actions.segment().address(),
                    attributes.segment().address(),
                    argv.address(),
                    envp.address());
            return Child.of(pid.get(JAVA_INT, 0));
        } finally {
            sources.forEach(Fd::close);
        }
    }

    /**
     * Orders the child's steps. Sources are first duplicated above all numbers the child uses, so that no step
     * overwrites what a later one still reads.
     */
    private void plan(SpawnActions actions, List<Fd> sources) {
        if (directory != null) {
            actions.chdir(directory);
        }
        int last = Math.max(2, Math.max(last(descriptors), last(files)));
        for (int number = 0; number <= last; number++) {
            Fd fd = descriptors.get(number);
            if (fd != null) {
                Fd source = Fcntl.duplicate(fd, last + 1);
                sources.add(source);
                actions.dup2(source.number(), number);
            } else if (files.get(number) instanceof FileToOpen(Path path, int flags)) {
                actions.open(number, path.toString(), flags);
            } else if (number <= 2) {
                actions.open(number, terminal == null ? "/dev/null" : terminal.toString(), OpenFlags.O_RDWR);
            } else {
                actions.close(number);
            }
        }
        acquireTerminal(actions, last + 1);
        actions.closeFrom(last + 1);
    }

    private static int last(SortedMap<Integer, ?> numbers) {
        return numbers.isEmpty() ? 0 : numbers.lastKey();
    }

    /** A session without a terminal takes the first one it opens; needed when 0, 1 and 2 were all given. */
    private void acquireTerminal(SpawnActions actions, int free) {
        if (terminal != null && descriptors.headMap(3).size() == 3) {
            actions.open(free, terminal.toString(), OpenFlags.O_RDWR);
            actions.close(free);
        }
    }

    private List<String> variables() {
        return environment.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
    }

    private Path program() {
        String name = arguments.getFirst();
        if (name.contains("/")) {
            return Path.of(name);
        }
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (String entry : path.split(":", -1)) {
            Path candidate = Path.of(entry.isEmpty() ? "." : entry, name);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        throw new ErrnoException(Errno.ENOENT.number(), "start " + name, "not found in PATH " + path);
    }

    private String inDirectory() {
        return directory == null ? "" : " in " + directory;
    }
}
