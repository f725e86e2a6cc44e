package dev.wharf.cmd.wharf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.client.peer.GoContainerd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The program as people start it, with a Go containerd, its runc shim and an image of this machine's busybox. */
final class ContainersTest {
    private static final String NAMESPACE = "wharf-test";
    private static final long SECONDS = 120;
    private static GoContainerd containerd;

    private record Result(int status, String out, String err) {}

    @BeforeAll
    static void loadImage() throws Exception {
        containerd = GoContainerd.start();
        Path archive = containerd.directory("image").resolve("busybox.tar");
        Path script =
                Path.of("../../test/parts/busybox-image.sh").toAbsolutePath().normalize();
        assertThat(new ProcessBuilder(script.toString(), archive.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();

        Result loaded = wharf("", "load", archive.toString());

        assertThat(loaded.status()).as(loaded.err()).isZero();
        assertThat(loaded.out()).startsWith("docker.io/library/busybox:latest sha256:");
    }

    @AfterAll
    static void stop() throws IOException {
        containerd.close();
        removeCgroups(Path.of("/sys/fs/cgroup", NAMESPACE));
        try (DirectoryStream<Path> controllers = Files.newDirectoryStream(Path.of("/sys/fs/cgroup"))) {
            for (Path controller : controllers) {
                removeCgroups(controller.resolve(NAMESPACE));
            }
        }
    }

    @AfterEach
    void removeContainers() throws Exception {
        for (String id : wharf("", "ps", "-q").out().lines().toList()) {
            wharf("", "rm", "--force", id);
        }
        assertThat(wharf("", "ps", "-q").out()).isEmpty();
    }

    @Test
    void aContainerRunsAndItsStreamsAndExitCodeComeBack() throws Exception {
        Result result = wharf("", "run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7");

        assertThat(result).isEqualTo(new Result(7, "out\n", "err\n"));
        assertThat(wharf("", "ps", "-q").out()).isEmpty();
    }

    @Test
    void inputReachesTheContainerAndItsEndDoesToo() throws Exception {
        String text = "line\n".repeat(50_000);

        assertThat(wharf(text, "run", "--rm", "-i", "busybox", "wc", "-l")).isEqualTo(new Result(0, "50000\n", ""));
    }

    @Test
    void muchOutputArrivesWhole() throws Exception {
        Result result = wharf("", "run", "--rm", "busybox", "seq", "200000");

        assertThat(result.out().lines()).hasSize(200_000).last().isEqualTo("200000");
    }

    @Test
    void userEnvironmentAndDirectoryAreAsAsked() throws Exception {
        Result result = wharf(
                "",
                "run",
                "--rm",
                "--user",
                "user",
                "-e",
                "A=1",
                "--cwd",
                "/home",
                "busybox",
                "sh",
                "-c",
                "id -u; id -g; echo $A; pwd");

        assertThat(result).isEqualTo(new Result(0, "1000\n1000\n1\n/home\n", ""));
    }

    @Test
    void aDetachedContainerIsListedTakesExecsAndIsKilled() throws Exception {
        Result started = wharf(
                "",
                "run",
                "-d",
                "--name",
                "web",
                "busybox",
                "sh",
                "-c",
                "trap 'exit 5' TERM; while :; do sleep 0.1; done");
        assertThat(started).isEqualTo(new Result(0, "web\n", ""));
        assertThat(wharf("", "ps").out()).contains("web", "docker.io/library/busybox:latest", "running");
        assertThat(wharf("", "--format", "json", "ps").out()).contains("\"id\":\"web\"", "\"status\":\"running\"");

        assertThat(wharf("", "exec", "web", "sh", "-c", "echo in; exit 3")).isEqualTo(new Result(3, "in\n", ""));
        assertThat(wharf("abc", "exec", "-i", "--user", "1000:5", "web", "sh", "-c", "cat; id -u; id -g"))
                .isEqualTo(new Result(0, "abc1000\n5\n", ""));
        Result refused = wharf("", "rm", "web");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("running", "--force");

        assertThat(wharf("", "kill", "web").status()).isZero();
        assertThat(awaitStatus("stopped")).contains("stopped (5)");
        assertThat(wharf("", "rm", "web")).isEqualTo(new Result(0, "web\n", ""));
    }

    @Test
    void aContainerThatCannotStartLeavesNothing() throws Exception {
        Result result = wharf("", "run", "--name", "broken", "busybox", "/no/such/program");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("no such file");
        assertThat(wharf("", "ps", "-q").out()).isEmpty();
        assertThat(wharf("", "run", "--rm", "--name", "broken", "busybox", "true")
                        .status())
                .isZero();
    }

    @Test
    void signalsAreForwarded() throws Exception {
        Process process = start(
                "run",
                "--rm",
                "--name",
                "sig",
                "busybox",
                "sh",
                "-c",
                "trap 'echo got; exit 9' INT; echo ready; while :; do sleep 0.1; done");
        try (var lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(lines.readLine()).isEqualTo("got");
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(9);
    }

    @Test
    void aTerminalIsGivenAndRestored() throws Exception {
        // script(1) gives the program a terminal; stty tells whether its mode is the same again afterwards.
        String command = String.join(
                " ", quoted(command("run", "--rm", "-t", "busybox", "sh", "-c", "tty; stty size; echo $TERM")));
        Process process = new ProcessBuilder(
                        "script",
                        "-qec",
                        "stty rows 33 cols 77; stty -g; " + command + "; echo rc=$?; stty -g",
                        "/dev/null")
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        List<String> lines =
                out.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        assertThat(lines).contains("/dev/pts/0", "33 77", "xterm", "rc=0");
        assertThat(lines.getFirst()).isEqualTo(lines.getLast());
    }

    @Test
    void imagesCanBeListedAndRemovedByTheirShortNames() throws Exception {
        assertThat(wharf("", "images", "-q").out()).contains("docker.io/library/busybox:latest\n");
        assertThat(wharf("", "images").out()).contains("manifest", "sha256:");
        Result missing = wharf("", "rmi", "nothing");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).contains("wharf pull nothing");
    }

    @Test
    void anArchiveOfDockerSaveIsLoaded() throws Exception {
        Path directory = containerd.directory("docker");
        Path layout = directory.resolve("layout.tar");
        Path docker = directory.resolve("docker.tar");
        Path script =
                Path.of("../../test/parts/busybox-image.sh").toAbsolutePath().normalize();
        for (List<String> command : List.of(
                List.of(script.toString(), layout.toString()),
                List.of(
                        "skopeo",
                        "copy",
                        "--quiet",
                        "oci-archive:" + layout,
                        "docker-archive:" + docker + ":saved:1"))) {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        }

        Result loaded = wharf("", "load", docker.toString());

        assertThat(loaded.status()).as(loaded.err()).isZero();
        assertThat(loaded.out()).startsWith("docker.io/library/saved:1 sha256:");
        assertThat(wharf("", "run", "--rm", "saved:1", "echo", "hi")).isEqualTo(new Result(0, "hi\n", ""));
        assertThat(wharf("", "rmi", "saved:1").status()).isZero();
    }

    @Test
    void bothVersionsAreTold() throws Exception {
        assertThat(wharf("", "version").out()).contains("client", "1.6.20", "(grpc)");
    }

    private static String awaitStatus(String wanted) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        String listed = wharf("", "ps").out();
        while (!listed.contains(wanted) && System.nanoTime() < until) {
            listed = wharf("", "ps").out();
        }
        return listed;
    }

    private static Result wharf(String input, String... args) throws Exception {
        Path errors = Files.createTempFile("wharf-test-", ".err");
        try {
            Process process = new ProcessBuilder(command(args))
                    .redirectError(errors.toFile())
                    .start();
            try (var stdin = process.outputWriter()) {
                stdin.write(input);
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            String err = Files.readString(errors);
            return new Result(process.exitValue(), out, err);
        } finally {
            Files.delete(errors);
        }
    }

    private static Process start(String... args) throws IOException {
        // Whoever runs the tests may ignore the signal, and a program that ignores it from its start goes on to.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(command(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--namespace",
                NAMESPACE,
                "--address",
                containerd.address().toString()));
        command.addAll(List.of(args));
        return command;
    }

    private static List<String> quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").toList();
    }

    private static void removeCgroups(Path namespace) throws IOException {
        if (!Files.isDirectory(namespace)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(namespace, Files::isDirectory)) {
            for (Path container : left) {
                Files.delete(container);
            }
        }
        Files.delete(namespace);
    }
}
