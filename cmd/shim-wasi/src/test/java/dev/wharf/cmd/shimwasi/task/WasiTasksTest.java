package dev.wharf.cmd.shimwasi.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.cgroups.v2.Metrics;
import dev.wharf.api.runtime.task.v3.CloseIORequest;
import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.api.runtime.task.v3.DeleteRequest;
import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.api.runtime.task.v3.KillRequest;
import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.runtime.task.v3.PidsRequest;
import dev.wharf.api.runtime.task.v3.StartRequest;
import dev.wharf.api.runtime.task.v3.StateRequest;
import dev.wharf.api.runtime.task.v3.StatsRequest;
import dev.wharf.api.runtime.task.v3.WaitRequest;
import dev.wharf.api.runtime.task.v3.WaitResponse;
import dev.wharf.api.types.task.Status;
import dev.wharf.cmd.shimwasi.module.MemoryBudget;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.ShimException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WasiTasksTest {
    private static final Call CALL = Call.in("test");
    private static final int MIB = 1 << 20;

    @TempDir
    Path root;

    private FakeContext context;
    private WasiTasks tasks;

    @BeforeEach
    void set() throws IOException {
        serve(true, 256);
    }

    private void serve(boolean takesEvents, int budgetMib) throws IOException {
        context = new FakeContext(Files.createDirectories(root.resolve("state")), takesEvents);
        tasks = new WasiTasks(context, new MemoryBudget((long) budgetMib * MIB));
    }

    @Test
    void runsAModuleToItsExitCode() throws Exception {
        Wasm hello = new Wasm().text(100, "hello\n").write(1, 100, 6).call(Wasm.PROC_EXIT, 3);

        assertThat(run("one", hello)).isEqualTo(3);
        assertThat(output("one")).isEqualTo("hello\n");
        assertThat(state("one")).isEqualTo(Status.STOPPED);
        assertThat(tasks.delete(CALL, DeleteRequest.newBuilder().setId("one").build())
                        .getExitStatus())
                .isEqualTo(3);
        assertThat(tasks.isEmpty()).isTrue();
        assertThat(context.topics()).containsExactly("/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete");
        assertThat(Files.list(root.resolve("state/tasks"))).isEmpty();
    }

    @Test
    void givesArgumentsAndEnvironment() throws Exception {
        Wasm tell = new Wasm()
                .call(Wasm.ARGS_GET, 64, 1000)
                .write(1, 1000, "/app.wasm\0x".length())
                .call(Wasm.ENVIRON_GET, 64, 2000)
                .write(2, 2000, "PWD=/\0A=b".length());

        assertThat(run("one", tell)).isZero();
        assertThat(output("one")).isEqualTo("/app.wasm\0x");
        assertThat(Files.readString(root.resolve("one.err"))).isEqualTo("PWD=/\0A=b");
    }

    @Test
    void readsItsInputUntilItsClientSaysThatNothingMoreComes() throws Exception {
        Path fifo = root.resolve("in");
        Fifo.create(fifo, 0600);
        create("one", cat(), fifo.toString(), "");
        start("one");
        try (Fd first = Fd.open(fifo, OpenFlags.O_WRONLY)) {
            FileIo.writeFully(first, bytes("ab"));
        }
        try (Fd second = Fd.open(fifo, OpenFlags.O_WRONLY)) {
            FileIo.writeFully(second, bytes("cd"));
            tasks.closeIo(
                    CALL,
                    CloseIORequest.newBuilder().setId("one").setStdin(true).build());
        }

        assertThat(await("one").getExitStatus()).isZero();
        assertThat(output("one")).isEqualTo("abcd");
    }

    @Test
    void outputGoesIntoAFifoThatNobodyReadsYet() throws Exception {
        Path fifo = root.resolve("out");
        Fifo.create(fifo, 0600);
        Wasm hello = new Wasm().text(100, "hello\n").write(1, 100, 6);
        try (Fd reader = Fifo.openReader(fifo)) {
            bundle("one", hello, "");
            tasks.create(CALL, request("one").setStdout(fifo.toString()).build());
            start("one");
            await("one");
            tasks.delete(CALL, DeleteRequest.newBuilder().setId("one").build());
            byte[] read = new byte[20];
            int length = FileIo.read(reader, read, 0, 20);

            assertThat(new String(read, 0, length, StandardCharsets.UTF_8)).isEqualTo("hello\n");
            assertThat(FileIo.read(reader, read, 0, 20)).as("end of the stream").isZero();
        }
    }

    @Test
    void aWriterWithoutAReaderCanBeKilled() throws Exception {
        Path fifo = root.resolve("out");
        Fifo.create(fifo, 0600);
        Wasm endless = new Wasm().raw(0x03, 0x40).write(1, 100, 4096).raw(0x0c, 0, 0x0b);
        bundle("one", endless, "");
        tasks.create(CALL, request("one").setStdout(fifo.toString()).build());
        start("one");

        kill("one", 9);

        assertThat(await("one").getExitStatus()).isEqualTo(137);
    }

    @Test
    void givesOutputToALoggerProgram() throws Exception {
        Path logger = root.resolve("logger");
        Files.writeString(
                logger,
                "#!/bin/sh\nexec 5>&-\n{ echo \"$CONTAINER_ID $CONTAINER_NAMESPACE $1 $2\"; cat <&3; } > '" + root
                        + "/logged'\n");
        Files.setPosixFilePermissions(logger, PosixFilePermissions.fromString("rwx------"));
        bundle("one", new Wasm().text(100, "hello\n").write(1, 100, 6), "");
        tasks.create(
                CALL, request("one").setStdout("binary://" + logger + "?k=v").build());
        start("one");
        await("one");
        tasks.delete(CALL, DeleteRequest.newBuilder().setId("one").build());

        assertThat(Files.readString(root.resolve("logged"))).isEqualTo("one test k v\nhello\n");
    }

    @Test
    void anEndlessLoopCanBeKilled() throws Exception {
        create("one", new Wasm().raw(0x03, 0x40, 0x0c, 0, 0x0b), "", "");
        start("one");

        assertThat(state("one")).isEqualTo(Status.RUNNING);
        assertThat(tasks.pids(CALL, PidsRequest.newBuilder().setId("one").build())
                        .getProcessesCount())
                .isEqualTo(1);
        kill("one", 28);
        kill("one", 15);

        assertThat(await("one").getExitStatus()).isEqualTo(143);
        assertThatThrownBy(() -> kill("one", 9)).satisfies(code(Code.NOT_FOUND));
    }

    @Test
    void aTrapEndsTheModuleAndIsTold() throws Exception {
        assertThat(run("one", new Wasm().raw(0x00))).isEqualTo(134);
        assertThat(Files.readString(root.resolve("one.err"))).contains("trap");
        assertThat(context.lines()).anyMatch(line -> line.contains("trap"));
    }

    @Test
    void endlessRecursionIsATrap() throws Exception {
        assertThat(run("one", new Wasm().call(6))).isEqualTo(134);
        assertThat(run("two", new Wasm().call(Wasm.PROC_EXIT, 0))).isZero();
    }

    @Test
    void memoryGrowsToTheLimitOfTheSpecification() throws Exception {
        Wasm grow = new Wasm()
                .raw(0x03, 0x40, 0x41, 1, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b)
                .raw(0x3f, 0)
                .call(2);

        assertThat(run("one", grow, "\"linux\":{\"resources\":{\"memory\":{\"limit\":2097152}}},"))
                .as("pages")
                .isEqualTo(32);
    }

    @Test
    void modulesTogetherStayWithinTheBudget() throws Exception {
        serve(true, 2);
        Wasm hold = new Wasm()
                .raw(0x03, 0x40, 0x41, 1, 0x40, 0, 0x41, 0x7f, 0x47, 0x0d, 0, 0x0b)
                .raw(0x03, 0x40, 0x0c, 0, 0x0b);
        create("one", hold, "", "");
        start("one");
        StatsRequest stats = StatsRequest.newBuilder().setId("one").build();
        while (Metrics.parseFrom(tasks.stats(CALL, stats).getStats().getValue())
                        .getMemory()
                        .getUsage()
                < 31 * (1 << 16)) {
            Thread.onSpinWait();
        }

        assertThat(run("two", new Wasm().call(Wasm.PROC_EXIT, 0)))
                .as("no memory is left for it")
                .isEqualTo(137);
        kill("one", 9);
        await("one");
        tasks.delete(CALL, DeleteRequest.newBuilder().setId("one").build());
        assertThat(run("three", new Wasm().call(Wasm.PROC_EXIT, 0))).isZero();
    }

    @Test
    void seesItsFilesAndNoOthers() throws Exception {
        Path secret = Files.writeString(root.resolve("secret"), "secret of the machine");
        Path rootfs = Files.createDirectories(root.resolve("one/rootfs/dir"));
        Files.createSymbolicLink(rootfs.resolve("absolute"), secret);
        Files.createSymbolicLink(rootfs.resolve("relative"), Path.of("../../../secret"));
        Files.createSymbolicLink(rootfs.resolve("up"), Path.of("../../../.."));
        Files.writeString(rootfs.resolve("own"), "its own");

        assertThat(read("one", "dir/own")).isEqualTo("its own");
        assertThat(read("one", "dir/absolute")).isEmpty();
        assertThat(read("one", "dir/relative")).isEmpty();
        assertThat(read("one", "dir/up" + secret)).isEmpty();
        assertThat(read("one", "proc/1/environ")).isEmpty();
    }

    @Test
    void mountsAreThereAndLeaveNoTrace() throws Exception {
        Path shown = Files.createDirectories(root.resolve("shown"));
        Files.writeString(shown.resolve("file"), "of the machine");
        String mounts = "\"mounts\":[{\"destination\":\"/a/b\",\"type\":\"bind\",\"source\":\"" + shown
                + "\",\"options\":[\"rbind\",\"ro\"]},{\"destination\":\"/proc\",\"type\":\"proc\",\"source\":\"proc\"}],";

        assertThat(read("one", "a/b/file", mounts)).isEqualTo("of the machine");
        assertThat(MountInfo.read()).noneMatch(mount -> mount.toString().contains(root.toString()));
    }

    @Test
    void saysWhatItCannotRun() throws Exception {
        bundle("none", new Wasm(), "");
        Files.delete(root.resolve("none/rootfs/app.wasm"));
        bundle("text", new Wasm(), "");
        Files.writeString(root.resolve("text/rootfs/app.wasm"), "#!/bin/sh\n");

        assertThatThrownBy(() -> tasks.create(CALL, request("none").build()))
                .hasMessageContaining("no file /app.wasm")
                .satisfies(code(Code.INVALID_ARGUMENT));
        assertThatThrownBy(() -> tasks.create(CALL, request("text").build()))
                .hasMessageContaining("not a WASI module")
                .satisfies(code(Code.INVALID_ARGUMENT));
        assertThatThrownBy(() ->
                        tasks.create(CALL, request("text").setTerminal(true).build()))
                .satisfies(code(Code.UNIMPLEMENTED));
        assertThatThrownBy(() ->
                        tasks.create(CALL, request("text").setStdout("what:x").build()))
                .hasMessageContaining("unknown STDIO scheme what")
                .satisfies(code(Code.UNIMPLEMENTED));
        assertThat(tasks.isEmpty()).isTrue();
    }

    @Test
    void refusesWhatAModuleCannotDo() throws Exception {
        create("one", new Wasm().raw(0x03, 0x40, 0x0c, 0, 0x0b), "", "");

        assertThatThrownBy(() -> tasks.exec(
                        CALL,
                        ExecProcessRequest.newBuilder()
                                .setId("one")
                                .setExecId("e")
                                .build()))
                .hasMessageContaining("exec is not possible")
                .satisfies(code(Code.UNIMPLEMENTED));
        assertThatThrownBy(() ->
                        tasks.pause(CALL, PauseRequest.newBuilder().setId("one").build()))
                .satisfies(code(Code.UNIMPLEMENTED));
        assertThatThrownBy(() -> create("one", new Wasm(), "", "")).satisfies(code(Code.ALREADY_EXISTS));
        assertThat(tasks.delete(CALL, DeleteRequest.newBuilder().setId("one").build())
                        .getExitStatus())
                .as("of one that was never started")
                .isEqualTo(137);
    }

    @Test
    void modulesOfAProcessThatDiedHaveExited() throws Exception {
        serve(false, 256);
        create("ran", new Wasm().raw(0x03, 0x40, 0x0c, 0, 0x0b), "", "");
        start("ran");
        assertThat(run("ended", new Wasm().call(Wasm.PROC_EXIT, 4))).isEqualTo(4);
        WasiTasks before = tasks;
        serve(true, 256);

        assertThat(await("ended").getExitStatus()).isEqualTo(4);
        assertThat(await("ran").getExitStatus()).isEqualTo(137);
        assertThat(context.topics()).containsExactly("/tasks/exit", "/tasks/exit");
        serve(true, 256);
        assertThat(context.topics()).as("told already").isEmpty();
        before.kill(CALL, KillRequest.newBuilder().setId("ran").setSignal(9).build());
        before.wait(CALL, WaitRequest.newBuilder().setId("ran").build());
    }

    private static Wasm cat() {
        return new Wasm()
                .raw(0x03, 0x40)
                .store(0, 1000)
                .store(4, 100)
                .call(Wasm.FD_READ, 0, 0, 1, 8)
                .constant(4)
                .load(8)
                .raw(0x36, 2, 0)
                .call(Wasm.FD_WRITE, 1, 0, 1, 12)
                .load(8)
                .raw(0x0d, 0, 0x0b);
    }

    /** What a module reads of a file; nothing where it cannot be opened. */
    private String read(String id, String path) throws Exception {
        return read(id, path, "");
    }

    private String read(String id, String path, String config) throws Exception {
        Wasm reader =
                new Wasm().text(200, path).constant(3).constant(1).constant(200).constant(path.length());
        reader.constant(0)
                .constant64(2)
                .constant64(2)
                .constant(0)
                .constant(64)
                .call(Wasm.PATH_OPEN)
                .raw(0x04, 0x40);
        reader.call(Wasm.PROC_EXIT, 1).raw(0x0b);
        reader.store(0, 1000)
                .store(4, 100)
                .load(64)
                .constant(0)
                .constant(1)
                .constant(8)
                .call(Wasm.FD_READ)
                .drop();
        reader.constant(4).load(8).raw(0x36, 2, 0).call(Wasm.FD_WRITE, 1, 0, 1, 12);
        Files.deleteIfExists(root.resolve(id + ".out"));
        run(id, reader, config);
        tasks.delete(CALL, DeleteRequest.newBuilder().setId(id).build());
        return output(id);
    }

    private int run(String id, Wasm module) throws Exception {
        return run(id, module, "");
    }

    private int run(String id, Wasm module, String config) throws Exception {
        create(id, module, "", config);
        start(id);
        return await(id).getExitStatus();
    }

    private void create(String id, Wasm module, String stdin, String config) throws IOException {
        bundle(id, module, config);
        tasks.create(
                CALL,
                request(id)
                        .setStdin(stdin)
                        .setStdout("file://" + root.resolve(id + ".out"))
                        .setStderr("file://" + root.resolve(id + ".err"))
                        .build());
    }

    private CreateTaskRequest.Builder request(String id) {
        return CreateTaskRequest.newBuilder()
                .setId(id)
                .setBundle(root.resolve(id).toString());
    }

    private void bundle(String id, Wasm module, String config) throws IOException {
        Path bundle = root.resolve(id);
        Files.createDirectories(bundle.resolve("rootfs"));
        Files.write(bundle.resolve("rootfs/app.wasm"), module.assemble());
        Files.writeString(
                bundle.resolve("config.json"),
                "{" + config + "\"root\":{\"path\":\"rootfs\"},\"process\":{\"args\":[\"/app.wasm\",\"x\"],"
                        + "\"env\":[\"A=b\"],\"cwd\":\"/\"}}");
    }

    private void start(String id) {
        tasks.start(CALL, StartRequest.newBuilder().setId(id).build());
    }

    private void kill(String id, int signal) {
        tasks.kill(CALL, KillRequest.newBuilder().setId(id).setSignal(signal).build());
    }

    private WaitResponse await(String id) throws InterruptedException {
        return tasks.wait(CALL, WaitRequest.newBuilder().setId(id).build());
    }

    private Status state(String id) {
        return tasks.state(CALL, StateRequest.newBuilder().setId(id).build()).getStatus();
    }

    private String output(String id) throws IOException {
        return Files.readString(root.resolve(id + ".out"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ThrowingConsumer<Throwable> code(Code code) {
        return thrown -> assertThat(((ShimException) thrown).code()).isEqualTo(code);
    }
}
