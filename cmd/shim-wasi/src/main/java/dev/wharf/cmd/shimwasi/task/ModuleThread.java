package dev.wharf.cmd.shimwasi.task;

import com.dylibso.chicory.wasi.WasiOptions;
import dev.wharf.cmd.shimwasi.module.Program;
import dev.wharf.cmd.shimwasi.module.Warmup;
import dev.wharf.cmd.shimwasi.root.RootFiles;
import dev.wharf.cmd.shimwasi.spec.ContainerSpec;
import dev.wharf.cmd.shimwasi.stdio.ContainerStreams;
import dev.wharf.lib.linux.Namespaces;
import dev.wharf.lib.linux.Processes;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one module, which sees the container's files alone. It reads the module, waits for the program that was
 * made of it, runs it and ends. It talks to one other platform thread only, since waking a virtual one could start a
 * carrier among the container's files.
 */
final class ModuleThread {
    private static final long STACK_BYTES = 8 << 20;

    /** What the thread uses once it sees no files of ours, where classes cannot be found any more. */
    private static final List<Class<?>> LOADED = List.of(Module.class, WasiOptions.Builder.class);

    private final ContainerSpec spec;
    private final RootFiles files;
    private final ContainerStreams streams;
    private final BlockingQueue<Module> read = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Optional<Program>> programs = new ArrayBlockingQueue<>(1);
    private final Thread thread;
    private volatile Program.@Nullable Ended ended;

    /** The module's file or why there is none, and the kernel's id of the thread. */
    private record Module(byte[] bytes, @Nullable Throwable failure, int threadId) {}

    private int threadId;

    ModuleThread(ContainerSpec spec, RootFiles files, ContainerStreams streams, String name) {
        this.spec = spec;
        this.files = files;
        this.streams = streams;
        thread = Thread.ofPlatform()
                .daemon()
                .name("module " + name)
                .stackSize(STACK_BYTES)
                .unstarted(this::live);
    }

    /** Starts the thread and answers with the module's file; blocks until it is read. */
    byte[] start() throws InterruptedException {
        requireLoaded(LOADED);
        requireLoaded(Program.CLASSES);
        requireLoaded(ContainerStreams.CLASSES);
        thread.start();
        Module module = read.take();
        threadId = module.threadId;
        if (module.failure != null) {
            throw new ShimException(
                    ShimException.Code.INVALID_ARGUMENT,
                    "cannot prepare the container's files: " + module.failure.getMessage(),
                    module.failure);
        }
        return module.bytes;
    }

    private static void requireLoaded(List<Class<?>> classes) {
        if (classes.isEmpty()) {
            throw new IllegalStateException("classes of a module's thread are not loaded");
        }
    }

    /** The kernel's id of the thread. */
    int id() {
        return threadId;
    }

    /** Runs a program. */
    void run(Program program) {
        programs.add(Optional.of(program));
    }

    /** Ends the thread without running anything. */
    void dismiss() {
        programs.add(Optional.empty());
    }

    /** Asks the program to end. */
    void interrupt() {
        thread.interrupt();
    }

    /** Waits until the program has ended; empty where none ran. */
    Optional<Program.Ended> await() throws InterruptedException {
        thread.join();
        return Optional.ofNullable(ended);
    }

    boolean awaitEnd(Duration patience) throws InterruptedException {
        return thread.join(patience);
    }

    private void live() {
        int id = Processes.threadId();
        try {
            Namespaces.enterNew(Set.of(Namespaces.Kind.MNT));
            files.enter();
            read.add(new Module(module(), null, id));
        } catch (IOException | RuntimeException | Error e) {
            read.add(new Module(new byte[0], e, id));
            return;
        }
        try {
            programs.take().ifPresent(this::execute);
        } catch (InterruptedException killed) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] module() throws IOException {
        Path path =
                Path.of("/").resolve(spec.directory()).resolve(spec.arguments().getFirst());
        if (!Files.isRegularFile(path)) {
            throw new IOException("no file " + path + " in the root file system");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(Program.MAX_BYTES + 1);
            if (bytes.length > Program.MAX_BYTES) {
                throw new IOException(path + " is larger than " + Program.MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private void execute(Program program) {
        Program.Ended how = program.run(options());
        if (!how.reason().isEmpty() && !Thread.currentThread().isInterrupted()) {
            complain(how.reason());
        }
        ended = how;
    }

    private void complain(String reason) {
        try {
            streams.err().write(("wharfwasi: " + reason + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            return; // The reason is in the bundle's log as well.
        }
    }

    private WasiOptions options() {
        WasiOptions.Builder options = WasiOptions.builder()
                .withArguments(spec.arguments())
                .withStdin(streams.in(), false)
                .withStdout(streams.out(), false)
                .withStderr(streams.err(), false)
                .withRandom(Warmup.random())
                .withThrowOnExit0(true)
                .withDirectory("/", Path.of("/"));
        Path directory = Path.of("/").resolve(spec.directory());
        if (!directory.equals(Path.of("/")) && Files.isDirectory(directory)) {
            options.withDirectory(".", directory);
        }
        options.withEnvironment("PWD", directory.toString());
        for (String variable : spec.environment()) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                options.withEnvironment(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return options.build();
    }
}
