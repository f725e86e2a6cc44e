package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people do with {@code ctr}: each command of the main job, with Debian's ctr and runc. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CtrCommands {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Registry registry;
    private Daemon daemon;
    private String image;

    /** The daemon, with the shim that is meant. */
    abstract Daemon launch();

    @BeforeAll
    void startAndPull() {
        registry = Registry.start();
        image = registry.pushBusybox();
        daemon = launch();
        daemon.ctr("images", "pull", "--plain-http", image).ok();
    }

    @AfterAll
    void stop() {
        daemon.close();
        registry.close();
    }

    @AfterEach
    void removeContainers() {
        for (String id : daemon.ctr("tasks", "ls", "-q").ok().lines()) {
            daemon.ctr("tasks", "rm", "--force", id).ok();
        }
        for (String id : daemon.ctr("containers", "ls", "-q").ok().lines()) {
            daemon.ctr("containers", "rm", id).ok();
        }
        assertThat(Cgroups.of(Daemon.NAMESPACE)).as("cgroups left behind").isEmpty();
    }

    private static String id() {
        return "c" + NEXT.incrementAndGet();
    }

    /** Runs a container with options before the image, and a command, to its end. */
    private Programs.Result run(List<String> options, String... command) {
        java.util.ArrayList<String> arguments = new java.util.ArrayList<>(List.of("run", "--rm"));
        arguments.addAll(options);
        arguments.add(image);
        arguments.add(id());
        arguments.addAll(List.of(command));
        return daemon.ctr(arguments.toArray(String[]::new));
    }

    /** Runs a container in the background and answers its id. */
    private String background(String... command) {
        String id = id();
        java.util.ArrayList<String> arguments = new java.util.ArrayList<>(List.of("run", "-d", image, id));
        arguments.addAll(List.of(command));
        daemon.ctr(arguments.toArray(String[]::new)).ok();
        return id;
    }

    @Test
    void versionNamesClientAndServer() {
        assertThat(daemon.ctr("version").ok().out()).contains("Server:").contains("Version:");
    }

    @Test
    void pluginsAreListedByContainerdsNames() {
        assertThat(daemon.ctr("plugins", "ls").ok().out())
                .containsPattern("io.containerd.snapshotter.v1\\s+overlayfs\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.snapshotter.v1\\s+native\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.content.v1\\s+content\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.metadata.v1\\s+bolt\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.differ.v1\\s+walking\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.runtime.v2\\s+task\\s+\\S+\\s+ok")
                .containsPattern("io.containerd.grpc.v1\\s+tasks\\s+\\S+\\s+ok")
                .doesNotContain("error");
    }

    @Test
    void namespacesAreCreatedLabelledListedAndRemoved() {
        daemon.ctr("namespaces", "create", "wharf-test-ns", "a=b").ok();
        daemon.ctr("namespaces", "create", "wharf-test-ns").fails();
        daemon.ctr("namespaces", "label", "wharf-test-ns", "c=d").ok();
        assertThat(daemon.ctr("namespaces", "ls").ok().out()).containsPattern("wharf-test-ns\\s+a=b,c=d");
        daemon.ctr("namespaces", "rm", "wharf-test-ns").ok();
        assertThat(daemon.ctr("namespaces", "ls", "-q").ok().lines()).doesNotContain("wharf-test-ns");
        assertThat(daemon.ctr("namespaces", "rm", Daemon.NAMESPACE).fails().err())
                .contains("must be empty");
    }

    @Test
    void pulledImagesAreListedAndComplete() {
        assertThat(daemon.ctr("images", "ls", "-q").ok().lines()).contains(image);
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern(image + ".*complete \\(3/3\\).*true");
    }

    @Test
    void imagesAreTaggedLabelledAndRemoved() {
        String other = "example.com/other:v1";
        daemon.ctr("images", "tag", image, other).ok();
        Programs.Result again = daemon.ctr("images", "tag", image, other);
        if (tagsInTheDaemon()) {
            again.ok();
        } else {
            assertThat(again.fails().err()).contains("already exists");
        }
        daemon.ctr("images", "label", other, "wharf=yes").ok();
        assertThat(daemon.ctr("images", "ls", "name==" + other).ok().out()).contains("wharf=yes");
        daemon.ctr("images", "rm", "--sync", other).ok();
        assertThat(daemon.ctr("images", "ls", "-q").ok().lines())
                .doesNotContain(other)
                .contains(image);
        assertThat(run(List.of(), "echo", "still here").ok().out()).isEqualTo("still here\n");
    }

    /** Since 2.0 ctr has the Transfer service tag, by which a name may be given again. */
    private boolean tagsInTheDaemon() {
        return !daemon.ctr("--version").ok().out().contains("containerd/containerd 1.");
    }

    @Test
    void imagesAreMountedAndUnmounted() throws IOException {
        Path target = Files.createDirectory(daemon.directory().resolve("image"));
        daemon.ctr("images", "mount", image, target.toString()).ok();
        assertThat(target.resolve("bin/busybox")).isExecutable();
        assertThat(target.resolve("etc/passwd")).content().contains("user:x:1000");
        daemon.ctr("images", "unmount", "--rm", target.toString()).ok();
        assertThat(target.resolve("bin")).doesNotExist();
    }

    @Test
    void imagesAreExportedAndImported() {
        Path archive = daemon.directory().resolve("export.tar");
        daemon.ctr("images", "export", archive.toString(), image).ok();
        daemon.ctrIn("wharf-test-import", "images", "import", archive.toString())
                .ok();
        assertThat(daemon.ctrIn("wharf-test-import", "images", "ls", "-q").ok().lines())
                .containsExactly(image);
        assertThat(daemon.ctrIn("wharf-test-import", "images", "check").ok().out())
                .contains("complete");
        daemon.ctrIn("wharf-test-import", "images", "rm", "--sync", image).ok();
        assertThat(daemon.ctrIn("wharf-test-import", "content", "ls", "-q").ok().lines())
                .isEmpty();
        daemon.ctr("namespaces", "rm", "wharf-test-import").ok();
    }

    @Test
    void contentIsListedReadAndFetched() {
        List<String> digests = daemon.ctr("content", "ls", "-q").ok().lines();
        assertThat(digests).hasSizeGreaterThanOrEqualTo(4);
        assertThat(digests)
                .anySatisfy(digest -> assertThat(
                                daemon.ctr("content", "get", digest).ok().out())
                        .contains("\"layers\""));
        daemon.ctrIn("wharf-test-fetch", "content", "fetch", "--plain-http", image)
                .ok();
        assertThat(daemon.ctrIn("wharf-test-fetch", "content", "ls", "-q").ok().lines())
                .hasSize(4);
        daemon.ctrIn("wharf-test-fetch", "images", "rm", "--sync", image).ok();
        daemon.ctr("namespaces", "rm", "wharf-test-fetch").ok();
    }

    @Test
    void aContainerRunsToItsEndAndIsGone() {
        Programs.Result result =
                run(List.of("--env", "GREETING=hello", "--cwd", "/tmp"), "sh", "-c", "echo $GREETING; pwd; exit 7");
        assertThat(result.out()).isEqualTo("hello\n/tmp\n");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(daemon.ctr("containers", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctr("snapshots", "ls").ok().out()).doesNotContain("Active");
    }

    @ParameterizedTest(name = "{0} {1}: {3}")
    @CsvSource(delimiter = '§', textBlock = """
            --read-only    §          § touch /x 2>/dev/null || echo refused § refused
            --net-host     §          § ls /sys/class/net | grep -c '^lo$'   § 1
            --snapshotter  § native   § cat /etc/hostname                    § busybox
            --memory-limit § 33554432 § grep -c memory /proc/self/cgroup     § 1
            --cap-drop     § CAP_KILL § grep CapBnd /proc/self/status        § CapBnd: 00000000a80425db
            --privileged   §          § test -e /dev/kmsg && echo devices    § devices
            """)
    void runOptionsReachTheContainer(String option, String value, String script, String expected) {
        List<String> options = value == null ? List.of(option) : List.of(option, value);
        if (option.equals("--snapshotter")) {
            daemon.ctr("images", "pull", "--plain-http", "--snapshotter", value, image)
                    .ok();
        }
        assertThat(run(options, "sh", "-c", script).ok().out().split("\\s+")).containsExactly(expected.split(" "));
    }

    @Test
    void aMemoryLimitIsSetOnTheCgroup() {
        String id = id();
        daemon.ctr("run", "-d", "--memory-limit", "33554432", image, id, "sleep", "100")
                .ok();
        assertThat(Path.of("/sys/fs/cgroup/memory", Daemon.NAMESPACE, id, "memory.limit_in_bytes"))
                .content()
                .isEqualTo("33554432\n");
    }

    @Test
    void aDirectoryOfTheHostIsMounted() throws IOException {
        Path shared = Files.createDirectory(daemon.directory().resolve("shared"));
        Files.writeString(shared.resolve("in"), "from the host");
        run(
                        List.of("--mount", "type=bind,src=" + shared + ",dst=/shared,options=rbind:rw"),
                        "sh",
                        "-c",
                        "tr a-z A-Z < /shared/in > /shared/out")
                .ok();
        assertThat(shared.resolve("out")).content().isEqualTo("FROM THE HOST");
    }

    @Test
    void aTerminalIsATerminal() {
        List<String> command = daemon.ctrCommand(
                Daemon.NAMESPACE, "run", "--rm", "-t", image, id(), "sh", "-c", "tty; sleep 1; stty size");
        Programs.Result result = Programs.run(Programs.inTerminal(33, 77, command));
        assertThat(result.ok().out()).contains("/dev/pts/0").contains("33 77");
    }

    @Test
    void inputReachesTheContainer() {
        List<String> command = daemon.ctrCommand(
                Daemon.NAMESPACE, "run", "--rm", image, id(), "sh", "-c", "read line; echo got $line");
        assertThat(Programs.runWithInput(command, "a line\n").ok().out()).isEqualTo("got a line\n");
    }

    @Test
    void muchOutputArrivesWhole() {
        assertThat(run(List.of(), "sh", "-c", "seq 1 200000 | md5sum; seq 1 200000")
                        .ok()
                        .lines())
                .hasSize(200_001)
                .endsWith("200000");
    }

    @Test
    void tasksAreListedExecutedInKilledAndDeleted() {
        String id = background("sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done");
        assertThat(daemon.ctr("tasks", "ls").ok().out()).containsPattern(id + "\\s+\\d+\\s+RUNNING");
        assertThat(daemon.ctr("tasks", "ps", id).ok().lines()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "e1", id, "sh", "-c", "echo inside; exit 5"))
                .satisfies(result -> assertThat(result.out()).isEqualTo("inside\n"))
                .satisfies(result -> assertThat(result.exit()).isEqualTo(5));
        assertThat(daemon.ctr(
                                "tasks",
                                "exec",
                                "--exec-id",
                                "e2",
                                "--user",
                                "user",
                                "--cwd",
                                "/tmp",
                                id,
                                "sh",
                                "-c",
                                "id -un; pwd")
                        .ok()
                        .out())
                .isEqualTo("user\n/tmp\n");
        assertThat(daemon.ctr("tasks", "rm", id).fails().err()).contains("must be stopped");
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", id).ok();
        Programs.await(
                "the task to stop", () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "kill", id).fails().err()).contains("not found");
        assertThat(daemon.ctr("tasks", "rm", id).ok().err()).contains("exit code 3");
        assertThat(daemon.ctr("tasks", "ls", "-q").ok().lines()).isEmpty();
    }

    @Test
    void tasksArePausedAndResumed() {
        String id = background("sleep", "100");
        daemon.ctr("tasks", "pause", id).ok();
        assertThat(daemon.ctr("tasks", "ls").ok().out()).contains("PAUSED");
        daemon.ctr("tasks", "resume", id).ok();
        assertThat(daemon.ctr("tasks", "ls").ok().out()).contains("RUNNING");
    }

    @Test
    void tasksAreMeasured() {
        String id = background("sleep", "100");
        assertThat(daemon.ctr("tasks", "metrics", id).ok().out())
                .contains("memory.usage_in_bytes")
                .contains("pids.current");
    }

    @Test
    void aTaskCanBeAttachedTo() throws IOException {
        String id = id();
        Path fifos = Files.createDirectory(daemon.directory().resolve("fifos-" + id));
        daemon.ctr("run", "-d", "--fifo-dir", fifos.toString(), image, id, "sh", "-c", "sleep 3; echo late; exit 4")
                .ok();
        Programs.Result attached = daemon.ctr("tasks", "attach", id);
        assertThat(attached.out()).isEqualTo("late\n");
        assertThat(attached.exit()).isEqualTo(4);
    }

    @Test
    void containersAreListedShownLabelledAndRemoved() {
        String id = id();
        daemon.ctr("containers", "create", image, id, "true").ok();
        assertThat(daemon.ctr("containers", "ls").ok().out())
                .containsPattern(id + "\\s+" + image + "\\s+io.containerd.runc.v2");
        daemon.ctr("containers", "label", id, "wharf=yes").ok();
        assertThat(daemon.ctr("containers", "info", id).ok().out())
                .contains("\"wharf\": \"yes\"")
                .contains("\"ociVersion\"");
        assertThat(daemon.ctr("containers", "ls", "-q", "labels.wharf==yes")
                        .ok()
                        .lines())
                .containsExactly(id);
        assertThat(daemon.ctr("containers", "create", image, id, "true").fails().err())
                .contains("already exists");
        daemon.ctr("containers", "rm", id).ok();
        assertThat(daemon.ctr("containers", "info", id).fails().err()).contains("not found");
    }

    @Test
    void snapshotsAreShown() {
        String id = background("sleep", "100");
        daemon.ctr("tasks", "exec", "--exec-id", "w", id, "sh", "-c", "head -c 100000 /dev/zero > /file")
                .ok();
        assertThat(daemon.ctr("snapshots", "ls").ok().out()).containsPattern(id + "\\s+sha256:\\w+\\s+Active");
        assertThat(daemon.ctr("snapshots", "info", id).ok().out()).contains("\"Kind\": \"Active\"");
        assertThat(daemon.ctr("snapshots", "usage", id).ok().out()).containsPattern(id + "\\s+\\d+\\.\\d KiB");
        assertThat(daemon.ctr("snapshots", "tree").ok().out()).containsPattern("sha256:\\w+\n.*sha256:\\w+\n.*" + id);
        String parent = daemon.ctr("snapshots", "ls").ok().lines().stream()
                .filter(line -> line.startsWith(id))
                .map(line -> line.split("\\s+")[1])
                .findFirst()
                .orElseThrow();
        assertThat(daemon.ctr("snapshots", "rm", parent).fails().err()).contains("cannot remove snapshot with child");
        daemon.ctr("snapshots", "prepare", "extra", parent).ok();
        daemon.ctr("snapshots", "rm", "extra").ok();
        assertThat(daemon.ctr("snapshots", "ls").ok().out()).doesNotContain("extra");
    }

    @Test
    void leasesAreCreatedListedAndDeleted() {
        assertThat(daemon.ctr("leases", "create", "--id", "held", "a=b").ok().out())
                .isEqualTo("held\n");
        assertThat(daemon.ctr("leases", "create", "--id", "held").fails().err()).contains("already exists");
        assertThat(daemon.ctr("leases", "ls").ok().out()).containsPattern("held\\s+\\S+.*a=b");
        daemon.ctr("leases", "rm", "--sync", "held").ok();
        assertThat(daemon.ctr("leases", "ls", "-q").ok().lines()).doesNotContain("held");
    }

    @Test
    void eventsAreSeenLiveAndInOrder() throws IOException {
        Path seen = daemon.directory().resolve("events");
        Process events = new ProcessBuilder(daemon.ctrCommand(Daemon.NAMESPACE, "events"))
                .redirectOutput(seen.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            Programs.await("the subscription", () -> {
                daemon.ctr("images", "label", image, "seen=yes").ok();
                return text(seen).contains("/images/update");
            });
            run(List.of(), "true").ok();
            Programs.await("the last event", () -> text(seen).contains("/containers/delete"));
        } finally {
            events.destroy();
            events.onExit().join();
        }
        assertThat(text(seen).lines().map(line -> line.split(" ")[5]).filter(topic -> !topic.startsWith("/images")))
                .containsExactly(
                        "/snapshot/prepare",
                        "/containers/create",
                        "/tasks/create",
                        "/tasks/start",
                        "/tasks/exit",
                        "/tasks/delete",
                        "/snapshot/remove",
                        "/containers/delete");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void twoNamespacesDoNotSeeEachOther() {
        String id = background("sleep", "100");
        String other = "wharf-test-other";
        assertThat(daemon.ctrIn(other, "containers", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctrIn(other, "tasks", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctrIn(other, "images", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctrIn(other, "content", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctrIn(other, "snapshots", "ls").ok().lines()).hasSize(1);
        assertThat(daemon.ctrIn(other, "leases", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctrIn(other, "tasks", "kill", id).fails().err()).contains("not found");
        daemon.ctrIn(other, "images", "pull", "--plain-http", image).ok();
        daemon.ctrIn(other, "run", "--rm", image, id, "true").ok();
        assertThat(daemon.ctr("tasks", "ls").ok().out()).containsPattern(id + "\\s+\\d+\\s+RUNNING");
        daemon.ctrIn(other, "images", "rm", "--sync", image).ok();
        assertThat(run(List.of(), "echo", "kept").ok().out()).isEqualTo("kept\n");
        Cgroups.removeEmpty(other);
    }

    @Test
    void aShimIsChosenByItsPath() {
        assertThat(run(List.of("--runtime", "/usr/bin/containerd-shim-runc-v2"), "echo", "by path")
                        .ok()
                        .out())
                .isEqualTo("by path\n");
    }

    @Test
    void aRuntimeWithoutBinaryIsNamedWithWhereItWasLookedFor() {
        assertThat(run(List.of("--runtime", "io.containerd.nosuch.v9"), "true")
                        .fails()
                        .err())
                .contains("io.containerd.nosuch.v9")
                .contains("containerd-shim-nosuch-v9")
                .contains("looked for in")
                .contains("/usr/bin");
        assertThat(run(List.of("--runtime", "/no/such/shim"), "true").fails().err())
                .contains("/no/such/shim");
        assertThat(daemon.ctr("tasks", "ls", "-q").ok().lines()).isEmpty();
    }

    @Test
    void aBridgeIsAttachedByCni() throws IOException {
        try (CniBridge bridge = CniBridge.create(daemon.directory())) {
            List<String> command = daemon.ctrCommand(
                    Daemon.NAMESPACE,
                    "run",
                    "--rm",
                    "--cni",
                    image,
                    id(),
                    "sh",
                    "-c",
                    "sleep 1; ip -4 addr show eth0; ping -c 1 -W 5 " + bridge.gateway());
            assertThat(Programs.run(bridge.wrap(command)).ok().out())
                    .contains("inet " + bridge.network())
                    .contains("1 packets received");
        }
    }
}
