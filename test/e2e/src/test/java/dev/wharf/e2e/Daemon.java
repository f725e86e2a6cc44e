package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A private wharfd from {@code dist/target/wharf}, with root, state and sockets below one directory of its own. */
final class Daemon implements AutoCloseable {
    /** The namespace tests work in; the name shows in cgroups. */
    static final String NAMESPACE = "wharf-test";

    static final Path DIST = Path.of("../../dist/target/wharf").toAbsolutePath().normalize();

    private final Path directory;
    private final String namespace;
    private final List<String> options;
    private @Nullable Process process;

    private Daemon(Path directory, String namespace, List<String> options) {
        this.directory = directory;
        this.namespace = namespace;
        this.options = new ArrayList<>(options);
    }

    /** Starts one on a new directory, with further options. */
    static Daemon launch(String... options) {
        return launchIn(NAMESPACE, options);
    }

    /** Starts one on a new directory whose clients work in a namespace of their own, with further options. */
    static Daemon launchIn(String namespace, String... options) {
        Daemon daemon = prepare(namespace, options);
        daemon.start();
        return daemon;
    }

    /** Starts one on a new directory that runs {@code io.containerd.runc.v2} by the shim on PATH, not by its own. */
    static Daemon launchOverGoShim() {
        return launchOverGoShim(NAMESPACE);
    }

    static Daemon launchOverGoShim(String namespace) {
        Daemon daemon = prepare(namespace);
        daemon.useGoShim();
        daemon.start();
        return daemon;
    }

    private void useGoShim() {
        try {
            Path config = directory.resolve("config.toml");
            Files.writeString(config, """
                    version = 3
                    [plugins.'io.containerd.shim.v1.manager']
                    builtin_runc = false
                    """);
            options.addAll(List.of("--config", config.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the directory for one that is started later. */
    static Daemon prepare(String namespace, String... options) {
        try {
            return new Daemon(Files.createTempDirectory("wharf-test-"), namespace, List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line of the daemon itself. */
    List<String> daemonCommand() {
        List<String> command = new ArrayList<>(List.of(
                DIST.resolve("bin/wharfd").toString(),
                "--root",
                root().toString(),
                "--state",
                state().toString(),
                "--address",
                address()));
        command.addAll(options);
        return command;
    }

    /** Starts it, again on the same directory if it ran before. */
    void start() {
        try {
            process = new ProcessBuilder(daemonCommand())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.await("wharfd to answer; its log:\n" + logText(), () -> {
            assertThat(running().isAlive())
                    .as("wharfd ended; its log:%n%s", logText())
                    .isTrue();
            return Files.exists(Path.of(address())) && ctr("version").exit() == 0;
        });
    }

    Path directory() {
        return directory;
    }

    Path root() {
        return directory.resolve("root");
    }

    Path state() {
        return directory.resolve("state");
    }

    /** The file of all metadata. */
    Path database() {
        try (Stream<Path> files = Files.walk(root(), 2)) {
            return files.filter(file -> file.endsWith("metadata.sqlite"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return directory.resolve("wharfd.sock").toString();
    }

    long pid() {
        return running().pid();
    }

    private Path log() {
        return directory.resolve("wharfd.log");
    }

    String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("wharfd is not running");
        }
        return process;
    }

    /** The namespace its clients work in. */
    String namespace() {
        return namespace;
    }

    /** Runs stock {@code ctr} in the namespace of its clients. */
    Programs.Result ctr(String... arguments) {
        return ctrIn(namespace, arguments);
    }

    /** Runs stock {@code ctr} in a namespace. */
    Programs.Result ctrIn(String namespace, String... arguments) {
        return Programs.run(ctrCommand(namespace, arguments));
    }

    /** The command line of stock {@code ctr} in a namespace. */
    List<String> ctrCommand(String namespace, String... arguments) {
        return command(List.of("ctr", "--address", address(), "--namespace", namespace), arguments);
    }

    /** Runs our own command line program. */
    Programs.Result wharf(String... arguments) {
        return Programs.run(wharfCommand(arguments));
    }

    /** The command line of our own program. */
    List<String> wharfCommand(String... arguments) {
        return command(
                List.of(DIST.resolve("bin/wharf").toString(), "--address", address(), "--namespace", namespace),
                arguments);
    }

    private static List<String> command(List<String> start, String... arguments) {
        List<String> command = new ArrayList<>(start);
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** Ends it as an administrator would, and checks that it ends cleanly. */
    void stop() {
        running().destroy();
        assertThat(waitFor()).as("exit code; log:%n%s", logText()).isZero();
        assertThat(Path.of(address())).doesNotExist();
    }

    /** Ends it as a crash would. */
    void kill() {
        running().destroyForcibly();
        waitFor();
    }

    private int waitFor() {
        try {
            assertThat(running().waitFor(30, TimeUnit.SECONDS))
                    .as("wharfd ends within 30 s; its log:%n%s", logText())
                    .isTrue();
            return running().exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Removes all tasks and containers, stops it, checks that nothing is left, and removes its directory. */
    @Override
    public void close() {
        try {
            removeTasks();
            stop();
            assertThat(mountsBelow()).as("mounts left behind").isEmpty();
            Programs.await(
                    "processes to end, of which wharf's own shim may take a few seconds",
                    () -> processesBelow().isEmpty());
        } finally {
            discard();
        }
    }

    /** Removes all tasks and containers of all namespaces. */
    void removeTasks() {
        for (String namespace : ctr("namespaces", "ls", "-q").ok().lines()) {
            for (String id : ctrIn(namespace, "tasks", "ls", "-q").ok().lines()) {
                ctrIn(namespace, "tasks", "rm", "--force", id);
            }
            for (String id : ctrIn(namespace, "containers", "ls", "-q").ok().lines()) {
                ctrIn(namespace, "containers", "rm", id).ok();
            }
        }
    }

    /** The mounts below its directory, without one at its root. */
    List<String> mountsBelow() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.filter(line -> line.contains(" " + directory + "/") && !line.contains(" " + root() + " "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes that name its directory in their command line: itself, shims, engines. */
    List<String> processesBelow() {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info().commandLine().orElse("").contains(directory.toString()))
                .map(handle -> handle.pid() + " " + handle.info().commandLine().orElse(""))
                .toList();
    }

    /** The process of wharf's own shim that serves its containers, if there is one. */
    Optional<ProcessHandle> shim() {
        return ProcessHandle.allProcesses()
                .filter(handle -> {
                    String line = handle.info().commandLine().orElse("");
                    return line.contains("shim.jvm") && line.contains(address());
                })
                .findFirst();
    }

    /** Ends it if it still runs, with whatever names its directory, and removes that. */
    void discard() {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
            waitFor();
        }
        // A shim that is killed while it ends would leave its socket and its keeper of descriptors.
        for (int look = 0; look < 200 && !processesBelow().isEmpty(); look++) {
            Programs.pause();
        }
        String socket = "wharf" + address().replace('/', '+');
        ProcessHandle.allProcesses()
                .filter(handle -> {
                    String line = handle.info().commandLine().orElse("");
                    return line.contains(directory.toString()) || line.contains(socket);
                })
                .forEach(ProcessHandle::destroyForcibly);
        mountsBelow().forEach(line -> Programs.run("umount", "-l", line.split(" ")[4]));
        Programs.run("rm", "-rf", "--one-file-system", directory.toString());
        Cgroups.removeEmpty(namespace);
    }
}
