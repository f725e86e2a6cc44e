package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.cgroups.v1.Metrics;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runc.v1.ProcessDetails;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.ResumeRequest;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.types.Mount;
import dev.wharf.api.types.task.Status;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.ShimException.Code;
import dev.wharf.shim.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers by the real runc. */
class RuncTasksTest {
    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
    }

    private TestBundle bundle(String... arguments) throws Exception {
        return TestBundle.create(work.resolve("bundle"), arguments).filled();
    }

    @Test
    void containerRunsFromCreateToDeleteWithEventsInOrder() throws Exception {
        Shim.Output out = shim.output("out");
        TestBundle bundle = bundle("sh", "-c", "echo hello; exit 42");
        int pid = shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .setStdout(out.path().toString())
                                .build())
                .getPid();
        assertThat(shim.status("c")).isEqualTo(Status.CREATED);
        assertThat(shim.start("c")).isEqualTo(pid);
        assertThat(shim.wait("c")).isEqualTo(42);
        assertThat(out.text()).isEqualTo("hello\n");
        assertThat(shim.status("c")).isEqualTo(Status.STOPPED);
        assertThat(shim.delete("c").getExitStatus()).isEqualTo(42);
        assertThat(shim.context().topics("c")).containsExactly(Topics.CREATE, Topics.START, Topics.EXIT, Topics.DELETE);
        assertThat(shim.tasks().isEmpty()).isTrue();
        assertThat(bundle.directory().resolve("init.pid")).hasContent(Integer.toString(pid));
        assertThat(bundle.directory().resolve("wharf-shim.json")).doesNotExist();
    }

    @Test
    void unknownContainerIsNotFound() {
        assertThatThrownBy(() -> shim.status("nobody"))
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
                .hasMessageContaining("container not created");
    }

    @Test
    void missingProgramIsToldInTheWordsOfTheEngine() throws Exception {
        TestBundle bundle = bundle("/no/such/program");
        assertThatThrownBy(() ->
                        shim.tasks().create(Shim.CALL, shim.request("c", bundle).build()))
                .hasMessageStartingWith("OCI runtime create failed: runc create failed: ")
                .hasMessageContaining("no such file or directory");
        assertThat(shim.tasks().isEmpty()).isTrue();
    }

    @Test
    void missingEngineIsToldByName() throws Exception {
        TestBundle bundle = bundle("true");
        Options options = Options.newBuilder().setBinaryName("no-such-engine").build();
        assertThatThrownBy(() -> shim.tasks()
                        .create(
                                Shim.CALL,
                                shim.request("c", bundle)
                                        .setOptions(Shim.options(options))
                                        .build()))
                .hasMessageContaining("exec: \"no-such-engine\": executable file not found in $PATH");
    }

    @Test
    void overlayIsMountedForTheContainerAndTakenOff() throws Exception {
        Path lower = Files.createDirectories(work.resolve("lower"));
        TestBundle.fill(lower);
        Path upper = Files.createDirectories(work.resolve("upper"));
        Path workdir = Files.createDirectories(work.resolve("workdir"));
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo x > /file");
        Mount mount = Mount.newBuilder()
                .setType("overlay")
                .setSource("overlay")
                .addOptions("lowerdir=" + lower)
                .addOptions("upperdir=" + upper)
                .addOptions("workdir=" + workdir)
                .build();
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle).addRootfs(mount).build());
        assertThat(MountInfo.isMountPoint(bundle.directory().resolve("rootfs"))).isTrue();
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        shim.delete("c");
        assertThat(MountInfo.isMountPoint(bundle.directory().resolve("rootfs"))).isFalse();
        assertThat(upper.resolve("file")).hasContent("x\n");
    }

    /** Somebody who looks into it does not keep a container from being deleted. */
    @Test
    void aBusyRootFileSystemIsTakenOffLazily() throws Exception {
        Path image = Files.createDirectories(work.resolve("image"));
        TestBundle.fill(image);
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "true");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .addRootfs(bind(image, "rbind"))
                                .build());
        Path rootfs = bundle.directory().resolve("rootfs");
        try (Fd looking = Fd.open(rootfs, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)) {
            shim.delete("c");
            assertThat(looking.number()).isPositive();
        }
        assertThat(MountInfo.isMountPoint(rootfs)).isFalse();
    }

    @Test
    void killedContainerEndsBySignal() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        assertThatThrownBy(() -> shim.delete("c"))
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION))
                .hasMessageContaining("cannot delete a running process");
        shim.kill("c", 9);
        assertThat(shim.wait("c")).isEqualTo(137);
        assertThatThrownBy(() -> shim.kill("c", 9))
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND))
                .hasMessageContaining("process already finished");
        shim.delete("c");
    }

    @Test
    void createdContainerIsDeletedWithoutStart() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.delete("c");
        assertThat(shim.context().topics("c")).containsExactly(Topics.CREATE, Topics.EXIT, Topics.DELETE);
        assertThat(shim.tasks().isEmpty()).isTrue();
    }

    @Test
    void execRunsInTheContainerAndEndsBeforeIt() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        Shim.Output out = shim.output("out");
        shim.exec("c", "e", out.path(), "sh", "-c", "hostname; exit 7");
        shim.startExec("c", "e");
        assertThat(shim.wait("c", "e")).isEqualTo(7);
        assertThat(out.text()).isEqualTo("test\n");
        assertThat(shim.deleteExec("c", "e").getExitStatus()).isEqualTo(7);
        Shim.Output second = shim.output("second");
        shim.exec("c", "f", second.path(), "sleep", "1000");
        int pid = shim.startExec("c", "f");
        assertThat(shim.tasks()
                        .pids(Shim.CALL, PidsRequest.newBuilder().setId("c").build())
                        .getProcessesList())
                .filteredOn(process -> process.getPid() == pid)
                .singleElement()
                .satisfies(process -> assertThat(
                                ProcessDetails.parseFrom(process.getInfo().getValue())
                                        .getExecId())
                        .isEqualTo("f"));
        assertThatThrownBy(() -> shim.exec("c", "f", second.path(), "true"))
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(Code.ALREADY_EXISTS));
        shim.kill("c", 9);
        assertThat(shim.wait("c")).isEqualTo(137);
        assertThat(shim.wait("c", "f")).isEqualTo(137);
        assertThat(shim.context().events().stream()
                        .filter(event -> event.topic().equals(Topics.EXIT))
                        .map(event -> ((TaskExit) event.message()).getId()))
                .containsExactly("e", "f", "c");
        assertThatThrownBy(() -> shim.startExec("c", "f"))
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED_PRECONDITION))
                .hasMessageContaining("init process is not running");
        shim.delete("c");
    }

    @Test
    void failedExecLeavesTheContainerRunning() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        shim.tasks().exec(Shim.CALL, Shim.execRequest("c", "e", "/no/such").build());
        assertThatThrownBy(() -> shim.startExec("c", "e"))
                .hasMessageStartingWith("OCI runtime exec failed: exec failed: ")
                .hasMessageContaining("no such file");
        shim.deleteExec("c", "e");
        assertThat(shim.status("c")).isEqualTo(Status.RUNNING);
        shim.kill("c", 9);
        shim.wait("c");
        shim.delete("c");
    }

    @Test
    void largeOutputArrivesWholeBeforeDelete() throws Exception {
        Shim.Output out = shim.output("out");
        TestBundle bundle = bundle("dd", "if=/dev/zero", "bs=1048576", "count=100");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .setStdout(out.path().toString())
                                .build());
        shim.start("c");
        assertThat(out.bytes()).hasSize(100 << 20);
        assertThat(shim.wait("c")).isZero();
        shim.delete("c");
    }

    @Test
    void standardInputSurvivesClientsAndEndsByCloseIo() throws Exception {
        Path stdin = work.resolve("in");
        Fifo.create(stdin, 0700);
        Shim.Output out = shim.output("out");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle("cat"))
                                .setStdin(stdin.toString())
                                .setStdout(out.path().toString())
                                .build());
        shim.start("c");
        for (String client : new String[] {"one", "two"}) {
            try (Fd writer = Fd.open(stdin, OpenFlags.O_WRONLY)) {
                FileIo.writeFully(writer, client.getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(shim.status("c")).isEqualTo(Status.RUNNING);
        shim.tasks()
                .closeIo(
                        Shim.CALL,
                        CloseIORequest.newBuilder().setId("c").setStdin(true).build());
        assertThat(shim.wait("c")).isZero();
        assertThat(out.text()).isEqualTo("onetwo");
        shim.delete("c");
    }

    @Test
    void pausedContainerIsResumed() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        shim.tasks().pause(Shim.CALL, PauseRequest.newBuilder().setId("c").build());
        assertThat(shim.status("c")).isEqualTo(Status.PAUSED);
        assertThatThrownBy(() -> shim.tasks()
                        .exec(Shim.CALL, Shim.execRequest("c", "e", "true").build()))
                .hasMessageContaining("cannot exec in a paused state");
        shim.tasks().resume(Shim.CALL, ResumeRequest.newBuilder().setId("c").build());
        assertThat(shim.status("c")).isEqualTo(Status.RUNNING);
        shim.kill("c", 9);
        shim.wait("c");
        shim.delete("c");
        assertThat(shim.context().topics("c")).contains(Topics.PAUSED, Topics.RESUMED);
    }

    @Test
    void pausedContainerIsKilled() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        shim.tasks().pause(Shim.CALL, PauseRequest.newBuilder().setId("c").build());
        shim.kill("c", 9);
        assertThat(shim.wait("c")).isEqualTo(137);
        shim.delete("c");
    }

    @Test
    void figuresAreThoseOfTheControlGroup() throws Exception {
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle("sleep", "1000")).build());
        shim.start("c");
        Shim.eventually(() -> metrics().getPids().getCurrent() == 1);
        assertThat(metrics().getMemory().getUsage().getUsage()).isPositive();
        assertThat(metrics().getCpu().getUsage().getTotal()).isPositive();
        shim.kill("c", 9);
        shim.wait("c");
        shim.delete("c");
    }

    private Metrics metrics() throws Exception {
        return Metrics.parseFrom(shim.tasks()
                .stats(Shim.CALL, StatsRequest.newBuilder().setId("c").build())
                .getStats()
                .getValue());
    }

    @Test
    void processesWithoutAPidNamespaceEndWithTheFirst() throws Exception {
        TestBundle bundle = bundle("sh", "-c", "sleep 1000 & exec sleep 1000");
        bundle.with(
                spec -> spec.object("linux").orElseThrow().array("namespaces").removeFirst());
        shim.tasks().create(Shim.CALL, shim.request("c", bundle).build());
        shim.start("c");
        PidsRequest pids = PidsRequest.newBuilder().setId("c").build();
        Shim.eventually(() -> {
            return shim.tasks().pids(Shim.CALL, pids).getProcessesCount() == 2;
        });
        int[] before = shim.tasks().pids(Shim.CALL, pids).getProcessesList().stream()
                .mapToInt(process -> process.getPid())
                .toArray();
        shim.kill("c", 9);
        assertThat(shim.wait("c")).isEqualTo(137);
        shim.delete("c");
        Shim.eventually(() -> Arrays.stream(before).noneMatch(RuncTasksTest::runs));
    }

    private static boolean runs(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    void signalToAllReachesAll() throws Exception {
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle("sh", "-c", "sleep 1000 & wait"))
                                .build());
        shim.start("c");
        shim.tasks()
                .kill(
                        Shim.CALL,
                        KillRequest.newBuilder()
                                .setId("c")
                                .setSignal(9)
                                .setAll(true)
                                .build());
        assertThat(shim.wait("c")).isEqualTo(137);
        shim.delete("c");
    }

    @Test
    void endOfMemoryIsTold() throws Exception {
        TestBundle bundle = bundle("sh", "-c", "x=0123456789; while true; do x=$x$x; done");
        bundle.with(spec -> spec.object("linux")
                .orElseThrow()
                .object("resources")
                .orElseThrow()
                .with("memory", java.util.Map.of("limit", 16 << 20, "swap", 16 << 20)));
        shim.tasks().create(Shim.CALL, shim.request("c", bundle).build());
        shim.start("c");
        assertThat(shim.wait("c")).isEqualTo(137);
        Shim.eventually(() -> shim.context().topics("c").contains(Topics.OOM));
    }

    @Test
    void mountsAreMadeFromOthersBeforeThem() throws Exception {
        Path lower = Files.createDirectories(work.resolve("lower"));
        TestBundle.fill(lower);
        Path scratch = Files.createDirectories(work.resolve("scratch"));
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo x > /file");
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .addRootfs(bind(scratch, "rbind"))
                                .addRootfs(bind(lower, "rbind", "ro"))
                                .addRootfs(Mount.newBuilder()
                                        .setType("format/mkdir/overlay")
                                        .setSource("overlay")
                                        .addOptions("X-containerd.mkdir.path={{ mount 0 }}/upper:0755")
                                        .addOptions("X-containerd.mkdir.path={{ mount 0 }}/work:0755")
                                        .addOptions("workdir={{ mount 0 }}/work")
                                        .addOptions("upperdir={{ mount 0 }}/upper")
                                        .addOptions("lowerdir={{ mount 1 }}"))
                                .build());
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        shim.delete("c");
        assertThat(scratch.resolve("upper/file")).hasContent("x\n");
        assertThat(bundle.directory().resolve("mounts")).doesNotExist();
    }

    private static Mount bind(Path source, String... options) {
        return Mount.newBuilder()
                .setType("bind")
                .setSource(source.toString())
                .addAllOptions(java.util.List.of(options))
                .build();
    }
}
