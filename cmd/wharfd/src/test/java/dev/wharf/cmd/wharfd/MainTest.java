package dev.wharf.cmd.wharfd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own: exit codes, signals, the service manager, its commands. */
class MainTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void sigtermEndsItOrderlyWithStatusZero() throws Exception {
        Process daemon = daemon();
        daemon.destroy();
        assertThat(daemon.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isZero();
        assertThat(socket()).doesNotExist();
        assertThat(directory.resolve("root/native")).isEmptyDirectory();
        assertThat(log()).contains("stopping, containers keep running").doesNotContain("level=error");
    }

    @Test
    void sigusr1WritesAllThreadsDownAndItRunsOn() throws Exception {
        Process daemon = daemon();
        signal("USR1", daemon);
        Path dump = directory.resolve("containerd." + daemon.pid() + ".stacks.log");
        await(() -> log().contains("thread stacks written"));
        assertThat(Files.readString(dump)).contains("main");
        assertThat(log()).contains("=== BEGIN thread stack dump ===");
        assertThat(daemon.isAlive()).isTrue();
    }

    @Test
    void theServiceManagerIsToldOfReadinessAndStop() throws Exception {
        Path notify = directory.resolve("notify.sock");
        Process listener = start(List.of("python3", "-c", NOTIFY_LISTENER, notify.toString()), "notified");
        await(() -> Files.exists(notify));
        Process daemon = daemon("NOTIFY_SOCKET=" + notify);
        daemon.destroy();
        assertThat(listener.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(read("notified").lines()).containsExactly("READY=1", "STOPPING=1");
    }

    private static final String NOTIFY_LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            for _ in range(2):
                print(s.recv(100).decode(), flush=True)
            """;

    @Test
    void publishReachesSubscribers() throws Exception {
        daemon();
        Process events = start(List.of("ctr", "--address", socket().toString(), "events"), "events");
        Path event = directory.resolve("event");
        Files.write(
                event,
                Any.newBuilder()
                        .setTypeUrl("containerd.events.TaskOOM")
                        .setValue(ByteString.copyFrom("\n\u0003abc", StandardCharsets.UTF_8))
                        .build()
                        .toByteArray());
        // ctr does not say when it is subscribed.
        await(() -> {
            Process publish = wharfd(
                    List.of(),
                    event,
                    "--address",
                    socket().toString(),
                    "publish",
                    "--topic",
                    "/tasks/oom",
                    "--namespace",
                    "ns1");
            assertThat(publish.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(publish.exitValue()).as(log()).isZero();
            return read("events").contains("ns1 /tasks/oom {\"container_id\":\"abc\"}");
        });
        assertThat(events.isAlive()).isTrue();
    }

    @Test
    void publishWithoutTopicFails() throws Exception {
        Process publish = wharfd(List.of(), Path.of("/dev/null"), "publish");
        assertThat(publish.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(publish.exitValue()).isOne();
        assertThat(log()).contains("--topic must be given");
    }

    @Test
    void errorsOfTheConfigurationEndItWithStatusOne() throws Exception {
        Path file = directory.resolve("bad.toml");
        Files.writeString(file, "version = 4\nroot = 1\nstate = 2\n");
        Process daemon = wharfd(List.of(), Path.of("/dev/null"), "--config", file.toString());
        assertThat(daemon.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon.exitValue()).isOne();
        assertThat(log()).contains(file + ":2:1: root: must be text").contains(file + ":3:1: state: must be text");
    }

    @Test
    void theDefaultConfigurationIsPrinted() throws Exception {
        Process config = wharfd(List.of(), Path.of("/dev/null"), "config", "default");
        assertThat(config.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(config.exitValue()).isZero();
        assertThat(log()).startsWith("version = 4\n").contains("[plugins.'io.containerd.server.v1.grpc']");
    }

    /** Starts a daemon and waits until it answers. */
    private Process daemon(String... environment) throws Exception {
        Path config = directory.resolve("config.toml");
        Files.writeString(config, "version = 4\n");
        Process daemon = wharfd(
                List.of(environment),
                Path.of("/dev/null"),
                "--config",
                config.toString(),
                "--root",
                directory.resolve("root").toString(),
                "--state",
                directory.resolve("state").toString(),
                "--address",
                socket().toString());
        await(() -> log().contains("wharfd successfully booted"));
        return daemon;
    }

    private Process wharfd(List<String> environment, Path input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "TMPDIR=" + directory));
        command.addAll(environment);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private Process start(List<String> command, String output) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(output).toFile())
                .start();
        started.add(process);
        return process;
    }

    private static void signal(String name, Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(until);
            Thread.sleep(50);
        }
    }

    private Path socket() {
        return directory.resolve("w.sock");
    }

    private String log() throws IOException {
        return read("log");
    }

    private String read(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
