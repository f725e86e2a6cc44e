package dev.wharf.cmd.shim.engine;

import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.MemoryFile;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Signal;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An OCI engine for one container: each method is one command of it.
 *
 * <p>All block until the command has ended, and throw {@link EngineException}. Commands of one container may run at the
 * same time. Source: runc(8).
 */
public final class Engine {
    private static final int OUTPUT = 1 << 16;
    private static final int LONG_OUTPUT = 1 << 22;

    private final EngineRunner runner;
    private final EngineKinds kinds;
    private final EngineOptions options;
    private final EngineLog log;
    private final String id;

    /**
     * Nothing is started yet.
     *
     * @param log file for the engine's own log, in the bundle
     * @param id of the container
     */
    public Engine(EngineRunner runner, EngineKinds kinds, EngineOptions options, Path log, String id) {
        this.runner = runner;
        this.kinds = kinds;
        this.options = options;
        this.log = new EngineLog(log);
        this.id = id;
    }

    /** Whether processes of the container can be signalled directly. */
    public boolean sharesKernel() {
        return kinds.of(options.binary()).sharesKernel();
    }

    /** Whether config.json need not be looked at for its version. */
    public boolean takesAnyVersion() {
        return kinds.of(options.binary()).takesAnyVersion();
    }

    /** The version of the specification that config.json has to name instead of this one, where it matters. */
    public Optional<String> adaptedVersion(String wanted) {
        return SpecVersion.parse(wanted)
                .flatMap(version -> kinds.of(options.binary()).adapted(version))
                .map(SpecVersion::text);
    }

    /** Makes the container from a bundle; its first process waits to be started. */
    public void create(Path bundle, ProcessFiles files, EngineStreams streams, Duration timeout) {
        List<String> arguments = new ArrayList<>(List.of("create", "--bundle", bundle.toString()));
        arguments.addAll(files.arguments());
        addIf(arguments, options.noPivotRoot(), "--no-pivot");
        addIf(arguments, options.noNewKeyring() && kinds.of(options.binary()).knowsKeyrings(), "--no-new-keyring");
        spawning(log, arguments, files, streams, timeout);
    }

    /** Lets the first process run the program of the container. */
    public void start(Duration timeout) {
        command(timeout, "start", id);
    }

    /**
     * Starts a further process.
     *
     * @param process file with the process as JSON
     * @param ownLog file for the log of this command, so that those at the same time stay apart
     */
    public void exec(Path process, Path ownLog, ProcessFiles files, EngineStreams streams, Duration timeout) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--process", process.toString(), "--detach"));
        arguments.addAll(files.arguments());
        spawning(new EngineLog(ownLog), arguments, files, streams, timeout);
    }

    /** Sends a signal to the first process, or to all processes. */
    public void kill(int signal, boolean all, Duration timeout) {
        List<String> arguments = new ArrayList<>(List.of("kill"));
        addIf(arguments, all, "--all");
        arguments.addAll(List.of(id, Integer.toString(signal)));
        command(timeout, arguments.toArray(String[]::new));
    }

    /** Removes a container that has ended, or with force kills it before. */
    public void delete(boolean force, Duration timeout) {
        if (force) {
            command(timeout, "delete", "--force", id);
        } else {
            command(timeout, "delete", id);
        }
    }

    /** Freezes all processes. */
    public void pause(Duration timeout) {
        command(timeout, "pause", id);
    }

    /** Lets frozen processes go on. */
    public void resume(Duration timeout) {
        command(timeout, "resume", id);
    }

    /** The pids of all processes, as this machine sees them. */
    public List<Integer> processes(Duration timeout) {
        byte[] output = output(timeout, LONG_OUTPUT, Optional.empty(), "ps", "--format", "json", id);
        return Json.readArray(output).stream()
                .filter(Number.class::isInstance)
                .map(pid -> ((Number) pid).intValue())
                .toList();
    }

    /** What the engine knows: {@code status}, {@code pid} and more. Source: runtime.md of the specification. */
    public JsonObject state(Duration timeout) {
        return Json.readObject(output(timeout, OUTPUT, Optional.empty(), "state", id));
    }

    /** Changes limits; the resources are LinuxResources of the specification as JSON. */
    public void update(byte[] resources, Duration timeout) {
        try (Fd file = MemoryFile.create("resources")) {
            FileIo.writeFully(file, resources);
            try (Fd reader = Fd.open(file.procPath(), OpenFlags.O_RDONLY)) {
                output(timeout, OUTPUT, Optional.of(reader), "update", "--resources=-", id);
            }
        }
    }

    /** Writes an image of all processes. */
    public void checkpoint(Checkpoint checkpoint, boolean leaveRunning, Duration timeout) {
        List<String> arguments = new ArrayList<>(List.of("checkpoint"));
        arguments.addAll(checkpoint.arguments());
        addIf(arguments, leaveRunning, "--leave-running");
        arguments.add(id);
        command(timeout, arguments.toArray(String[]::new));
    }

    /** Makes and starts the container from an image. */
    public void restore(
            Path bundle, Checkpoint checkpoint, ProcessFiles files, EngineStreams streams, Duration timeout) {
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(checkpoint.arguments());
        arguments.add("--detach");
        arguments.addAll(files.arguments());
        addIf(arguments, options.noPivotRoot(), "--no-pivot");
        arguments.addAll(List.of("-no-subreaper", "--bundle", bundle.toString()));
        spawning(log, arguments, files, streams, timeout);
    }

    /** A command whose streams the new process inherits, unless it has a terminal, which it gets later. */
    private void spawning(
            EngineLog to, List<String> arguments, ProcessFiles files, EngineStreams streams, Duration timeout) {
        arguments.add(id);
        List<String> command = line(to, arguments);
        long before = to.length();
        if (files.console().isPresent()) {
            try (EngineOutput output = new EngineOutput(OUTPUT)) {
                check(command, to, before, runner(command, to, Optional.empty(), output, timeout), output.text());
            }
        } else {
            check(command, to, before, runner(command, to, streams, timeout), "");
        }
    }

    private int runner(List<String> command, EngineLog to, Optional<Fd> in, EngineOutput output, Duration timeout) {
        Optional<EngineStreams.Stream> out = Optional.of(new EngineStreams.Stream.Given(output.file()));
        return runner(command, to, new EngineStreams(in.map(EngineStreams.Stream.Given::new), out, out), timeout);
    }

    private int runner(List<String> command, EngineLog to, EngineStreams streams, Duration timeout) {
        try {
            return runner.run(command, streams, timeout);
        } catch (EngineException e) {
            throw java.nio.file.Files.exists(to.path())
                    ? e
                    : new EngineException(
                            "unable to retrieve OCI runtime error (open " + to.path() + ": no such file or directory): "
                                    + e.getMessage(),
                            "");
        }
    }

    private void command(Duration timeout, String... arguments) {
        output(timeout, OUTPUT, Optional.empty(), arguments);
    }

    private byte[] output(Duration timeout, int limit, Optional<Fd> stdin, String... arguments) {
        List<String> command = line(log, List.of(arguments));
        long before = log.length();
        try (EngineOutput output = new EngineOutput(limit)) {
            int status = runner(command, log, stdin, output, timeout);
            if (status != 0) {
                check(command, log, before, status, output.text());
            }
            return output.bytes();
        }
    }

    private List<String> line(EngineLog to, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of(
                options.binary(),
                "--root",
                options.root().toString(),
                "--log",
                to.path().toString(),
                "--log-format",
                "json"));
        addIf(line, options.systemdCgroup(), "--systemd-cgroup");
        line.addAll(arguments);
        return line;
    }

    private static void check(List<String> command, EngineLog log, long before, int status, String output) {
        if (status != 0) {
            String ended = Path.of(command.getFirst()).getFileName() + " did not terminate successfully: exit status "
                    + status + signal(status) + (output.isEmpty() ? "" : ": " + output);
            throw new EngineException(log.errorSince(before).orElse(ended), output);
        }
    }

    /** The signal that a status above 128 stands for. */
    private static String signal(int status) {
        return Arrays.stream(Signal.values())
                .filter(signal -> status == Exit.SIGNALLED + signal.number())
                .map(signal -> " (" + signal + ")")
                .findFirst()
                .orElse("");
    }

    private static void addIf(List<String> arguments, boolean wanted, String argument) {
        if (wanted) {
            arguments.add(argument);
        }
    }
}
