package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.runtime.task.v3.PauseRequest;
import dev.wharf.api.types.Mount;
import dev.wharf.api.types.transfer.ContainerPath;
import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.lib.tar.TarEntry;
import dev.wharf.lib.tar.TarReader;
import dev.wharf.lib.tar.TarType;
import dev.wharf.shim.Call;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.ShimException.Code;
import dev.wharf.shim.TransferService;
import dev.wharf.shim.json.JsonObject;
import dev.wharf.testkit.tar.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files into and out of containers of the real runc. */
class TransferTest {
    @TempDir
    private Path work;

    private Shim shim;
    private TestBundle bundle;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
        bundle = TestBundle.create(work.resolve("bundle"), "sleep", "1000").filled();
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
    }

    private void create() {
        shim.tasks().create(Shim.CALL, shim.request("c", bundle).build());
    }

    private void run() {
        create();
        shim.start("c");
    }

    private TransferService transfers() {
        return shim.tasks().transfers().orElseThrow();
    }

    private Path inside(String path) {
        return bundle.directory().resolve("rootfs").resolve(path);
    }

    private static ContainerPath path(String path) {
        return ContainerPath.newBuilder().setContainerId("c").setPath(path).build();
    }

    private void copyTo(ContainerPath to, TarBytes archive) throws InterruptedException {
        transfers().copyTo(Shim.CALL, to, new ByteArrayInputStream(archive.finished()));
    }

    private byte[] copyFrom(ContainerPath from) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        transfers().copyFrom(Shim.CALL, from, out);
        return out.toByteArray();
    }

    private static Map<String, TarEntry> entries(byte[] archive) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive), TarBounds.DEFAULT);
        Map<String, TarEntry> entries = new LinkedHashMap<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.put(entry.name(), entry);
        }
        return entries;
    }

    private static TarEntry named(Map<String, TarEntry> entries, String name) {
        return Objects.requireNonNull(entries.get(name));
    }

    private static String text(byte[] archive, String name) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(archive), TarBounds.DEFAULT);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            if (entry.name().equals(name)) {
                return new String(reader.content().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no entry " + name);
    }

    private static void isRefused(Code code, Attempt attempt, String... words) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        ShimException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
    }

    private interface Attempt {
        void run() throws Exception;
    }

    private String exec(String id, String... command) throws Exception {
        Shim.Output out = shim.output("out-" + id);
        shim.exec("c", id, out.path(), command);
        shim.startExec("c", id);
        assertThat(shim.wait("c", id)).as(out.text()).isZero();
        shim.deleteExec("c", id);
        return out.text();
    }

    @Test
    void filesGoInAndOutOfARunningContainerWithAllThatBelongsToThem() throws Exception {
        run();
        byte[] attribute = {1, 0, -1};
        TarBytes archive = new TarBytes()
                .add(TarBytes.header("d", '5').mode(01755).owner(7, 8).time(1_111_111_111))
                .pax(new LinkedHashMap<>(Map.of("SCHILY.xattr.user.x", attribute)))
                .add(TarBytes.header("d/f", '0').mode(04755).owner(5, 6).size(5).time(1_222_222_222), bytes("hello"))
                .hardLink("d/h", "d/f")
                .symlink("d/s", "/etc/passwd")
                .add(TarBytes.header("d/p", '6').mode(0622));

        copyTo(path("/tmp/new").toBuilder().setPreserveOwnership(true).build(), archive);

        Stat file = Stat.ofLink(inside("tmp/new/d/f"));
        assertThat(file.permissions()).isEqualTo(04755);
        assertThat(List.of(file.uid(), file.gid(), file.links())).containsExactly(5, 6, 2);
        assertThat(file.modified()).isEqualTo(Instant.ofEpochSecond(1_222_222_222));
        Stat directory = Stat.ofLink(inside("tmp/new/d"));
        assertThat(directory.permissions()).isEqualTo(01755);
        assertThat(List.of(directory.uid(), directory.gid())).containsExactly(7, 8);
        assertThat(directory.modified()).isEqualTo(Instant.ofEpochSecond(1_111_111_111));
        assertThat(Files.readSymbolicLink(inside("tmp/new/d/s"))).hasToString("/etc/passwd");
        assertThat(Stat.ofLink(inside("tmp/new/d/p")).type()).isEqualTo(FileType.FIFO);
        assertThat(exec("e", "cat", "/tmp/new/d/f")).isEqualTo("hello");

        byte[] back = copyFrom(path("/tmp/new/d"));

        Map<String, TarEntry> found = entries(back);
        assertThat(found).containsOnlyKeys("d/", "d/f", "d/h", "d/s", "d/p");
        TarEntry first = named(found, "d/f").type() == TarType.REGULAR ? named(found, "d/f") : named(found, "d/h");
        assertThat(text(back, first.name())).isEqualTo("hello");
        assertThat(first.xattrs().get("user.x")).isEqualTo(attribute);
        assertThat(List.of(first.mode(), first.uid(), first.gid())).containsExactly(04755, 5, 6);
        assertThat(first.modified()).isEqualTo(Instant.ofEpochSecond(1_222_222_222));
        assertThat(found.values().stream().filter(entry -> entry.type() == TarType.HARD_LINK))
                .singleElement()
                .satisfies(entry -> assertThat(entry.linkName()).isEqualTo(first.name()));
        assertThat(named(found, "d/s").linkName()).isEqualTo("/etc/passwd");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void withoutAskingForOwnersFilesBelongToRoot() throws Exception {
        run();
        copyTo(path("/tmp"), new TarBytes().add(TarBytes.header("f", '0').owner(5, 6)));
        assertThat(Stat.ofLink(inside("tmp/f")).uid()).isZero();
    }

    @Test
    void createdAndPausedContainersHaveFilesAndStoppedOnesDoNot() throws Exception {
        create();
        copyTo(path("/tmp"), new TarBytes().file("f", "1"));
        assertThat(text(copyFrom(path("/tmp/f")), "f")).isEqualTo("1");
        shim.start("c");
        shim.tasks().pause(Shim.CALL, PauseRequest.newBuilder().setId("c").build());
        copyTo(path("/tmp"), new TarBytes().file("f", "2"));
        assertThat(text(copyFrom(path("/tmp/f")), "f")).isEqualTo("2");
        shim.kill("c", 9);
        shim.wait("c");
        isRefused(Code.FAILED_PRECONDITION, () -> copyFrom(path("/tmp/f")), "stopped");
    }

    @Test
    void whatIsNotThereIsNotFoundByItsName() throws Exception {
        run();
        isRefused(Code.NOT_FOUND, () -> copyFrom(path("/no/such/file")), "/no/such/file", "not found");
        isRefused(Code.NOT_FOUND, () -> copyFrom(path("/bin/busybox/below")), "/bin/busybox/below", "not found");
        ContainerPath other = path("/").toBuilder().setContainerId("other").build();
        isRefused(Code.NOT_FOUND, () -> copyFrom(other), "container other: not found");
        isRefused(Code.NOT_FOUND, () -> copyTo(other, new TarBytes()), "container other: not found");
        Call elsewhere = Call.in("elsewhere");
        isRefused(
                Code.NOT_FOUND,
                () -> transfers().copyFrom(elsewhere, path("/"), new ByteArrayOutputStream()),
                "container c: not found");
    }

    @Test
    void noWalkAnswersWithTheEntryAlone() throws Exception {
        run();
        ContainerPath root = path("/").toBuilder().setNoWalk(true).build();
        assertThat(entries(copyFrom(root))).containsOnlyKeys("./");
        assertThat(entries(copyFrom(root.toBuilder().setPath("/bin").build()))).containsOnlyKeys("bin/");
    }

    @Test
    void linksAndDotsOfAContainerLeadNowhereElse() throws Exception {
        Path outside = Files.createDirectories(work.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(inside("abs"), outside);
        Files.createSymbolicLink(inside("up"), Path.of("../../../../../../../../.." + outside));
        Files.createSymbolicLink(inside("loop"), Path.of("loop"));
        Files.createSymbolicLink(inside("proc-root"), Path.of("/proc/1/root/.."));
        run();
        for (String link : List.of("/abs/secret", "/up/secret", "/abs/../" + outside + "/secret", "/../.." + outside)) {
            isRefused(Code.NOT_FOUND, () -> copyFrom(path(link)), "not found");
        }
        assertThat(named(entries(copyFrom(path("/abs"))), "abs").type()).isEqualTo(TarType.SYMLINK);
        isRefused(Code.INVALID_ARGUMENT, () -> copyFrom(path("/loop/x")), "ELOOP");
        isRefused(Code.INVALID_ARGUMENT, () -> copyFrom(path("/proc-root/x")), "ELOOP");

        copyTo(path("/abs"), new TarBytes().file("f", "x").file("../../../../up2", "y"));
        copyTo(path("/up"), new TarBytes().file("g", "z"));
        copyTo(path("/"), new TarBytes().symlink("evil", outside.toString()).file("evil/h", "x"));

        assertThat(outside).isDirectoryNotContaining(file -> !file.endsWith("secret"));
        assertThat(inside(outside.toString().substring(1)).resolve("f")).hasContent("x");
        assertThat(inside(outside.toString().substring(1)).resolve("up2")).hasContent("y");
        assertThat(inside(outside.toString().substring(1)).resolve("g")).hasContent("z");
        assertThat(inside(outside.toString().substring(1)).resolve("h")).hasContent("x");
        isRefused(
                Code.FAILED_PRECONDITION, () -> copyTo(path("/bin/busybox"), new TarBytes().file("f", "")), "ENOTDIR");
    }

    @Test
    void nothingIsOpenedButFilesAndNothingOfTheKernelsIsTouched() throws Exception {
        Fifo.create(inside("fifo"), 0666);
        try (Fd root = Fd.directory(inside(""))) {
            FilesAt.mknod(root, "disk", FileType.BLOCK_DEVICE.bits() | 0666, new Device(7, 200));
        }
        Files.createSymbolicLink(inside("to-proc"), Path.of("/proc/sys/kernel"));
        run();

        Map<String, TarEntry> all = entries(copyFrom(path("/")));
        assertThat(named(all, "fifo").type()).isEqualTo(TarType.FIFO);
        assertThat(named(all, "disk").type()).isEqualTo(TarType.BLOCK_DEVICE);
        assertThat(all).containsKeys("./", "bin/busybox", "proc/").doesNotContainKey("proc/1/");
        isRefused(Code.UNIMPLEMENTED, () -> copyFrom(path("/proc/version")), "file of the kernel");
        isRefused(
                Code.INVALID_ARGUMENT,
                () -> copyTo(path("/to-proc"), new TarBytes().file("hostname", "hacked")),
                "file system of the kernel");
        copyTo(path("/"), new TarBytes().directory("proc").file("fifo", "now a file"));
        assertThat(inside("fifo")).hasContent("now a file");
    }

    @Test
    void aFileTakesThePlaceOfAnotherButNotOfADirectory() throws Exception {
        Files.createDirectories(inside("tmp/dir/below"));
        Files.createSymbolicLink(inside("tmp/link"), Path.of("dir"));
        Files.createSymbolicLink(inside("tmp/file-link"), Path.of("/bin/busybox"));
        run();
        copyTo(
                path("/tmp"),
                new TarBytes()
                        .file("f", "a long text")
                        .file("f", "short")
                        .file("file-link", "own")
                        .add(TarBytes.header("link", '5').mode(0700))
                        .file("link/through", "x"));
        assertThat(inside("tmp/f")).hasContent("short");
        assertThat(Files.isRegularFile(inside("tmp/file-link"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(Files.isSymbolicLink(inside("tmp/link"))).isTrue();
        assertThat(inside("tmp/dir/through")).hasContent("x");
        isRefused(Code.FAILED_PRECONDITION, () -> copyTo(path("/tmp"), new TarBytes().file("dir", "")), "\"dir\"");
        isRefused(Code.FAILED_PRECONDITION, () -> copyTo(path("/tmp"), new TarBytes().directory("f")), "\"f\"");
        assertThat(list("tmp")).containsExactlyInAnyOrder("f", "file-link", "link", "dir");
    }

    private List<String> list(String directory) throws IOException {
        try (var files = Files.list(inside(directory))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aFileThatSomethingIsMountedOnIsFilledInPlace() throws Exception {
        Path hosts = Files.writeString(work.resolve("hosts"), "something quite long");
        bundle = bundle.with(spec -> {
            List<Object> mounts = new ArrayList<>(spec.objects("mounts"));
            mounts.add(new JsonObject(new LinkedHashMap<>(Map.of(
                    "destination",
                    "/etc/hosts",
                    "type",
                    "bind",
                    "source",
                    hosts.toString(),
                    "options",
                    List.of("rbind", "rw")))));
            spec.with("mounts", mounts);
        });
        run();
        copyTo(path("/etc"), new TarBytes().file("hosts", "127.0.0.1 me"));
        isRefused(Code.FAILED_PRECONDITION, () -> copyTo(path("/etc"), new TarBytes().symlink("hosts", "/")), "EBUSY");
        assertThat(exec("e", "cat", "/etc/hosts")).isEqualTo("127.0.0.1 me");
        assertThat(hosts).hasContent("127.0.0.1 me");
        assertThat(text(copyFrom(path("/etc/hosts")), "hosts")).isEqualTo("127.0.0.1 me");
        assertThat(list("etc")).containsExactly("hosts");
    }

    @Test
    void aClientThatGoesAwayLeavesNothingBehind() throws Exception {
        run();
        byte[] archive = new TarBytes().file("big", "x".repeat(100_000)).open();
        InputStream broken = new InputStream() {
            private int sent;

            @Override
            public int read() {
                throw new AssertionError("read in parts");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (sent > 50_000) {
                    throw new IOException("gone");
                }
                int count = Math.min(length, 10_000);
                System.arraycopy(archive, sent, target, offset, count);
                sent += count;
                return count;
            }
        };
        assertThatThrownBy(() -> transfers().copyTo(Shim.CALL, path("/tmp"), broken))
                .hasMessageContaining("gone");
        assertThat(list("tmp")).isEmpty();
    }

    @Test
    void aCallThatEndsEndsItsTransfer() throws Exception {
        run();
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() throws IOException {
                reading.countDown();
                try {
                    never.await();
                    return -1;
                } catch (InterruptedException e) {
                    throw new java.io.InterruptedIOException();
                }
            }
        };
        FutureTask<Boolean> transfer = new FutureTask<>(() -> {
            transfers().copyTo(Shim.CALL, path("/tmp"), silent);
            return true;
        });
        Thread thread = Thread.ofVirtual().start(transfer);
        reading.await();
        thread.interrupt();
        thread.join();
        assertThatThrownBy(transfer::get).isNotNull();
    }

    @Test
    void aLargeFileGoesThrough() throws Exception {
        run();
        long size = 100L << 20;
        byte[] header =
                new TarBytes().add(TarBytes.header("large", '0').size(size)).open();
        InputStream archive = new SequenceInputStream(
                new ByteArrayInputStream(header), new SequenceInputStream(new Pattern(size), new Pattern(0)));
        transfers().copyTo(Shim.CALL, path("/tmp"), archive);
        assertThat(Files.size(inside("tmp/large"))).isEqualTo(size);

        CRC32 expected = new CRC32();
        byte[] all = new Pattern(1 << 20).readAllBytes();
        for (int i = 0; i < 100; i++) {
            expected.update(all);
        }
        Checked out = new Checked();
        transfers().copyFrom(Shim.CALL, path("/tmp/large"), out);
        assertThat(out.length).isGreaterThan(size);
        assertThat(out.sum(size)).isEqualTo(expected.getValue());
    }

    /** So many bytes that repeat every 251, from the beginning of each mebibyte. */
    private static final class Pattern extends InputStream {
        private final long size;
        private long at;

        Pattern(long size) {
            this.size = size;
        }

        @Override
        public int read() {
            return at == size ? -1 : (int) ((at++ & 0xfffff) % 251);
        }
    }

    /** The last part of an archive is a file: its sum, without the headers before and the zeros behind. */
    private static final class Checked extends OutputStream {
        private final CRC32 crc = new CRC32();
        private long length;
        private long skipped = -1;
        private long summed;

        @Override
        public void write(int b) {
            throw new AssertionError("written in parts");
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            if (skipped < 0) {
                // A PAX header with its record, and the header itself.
                skipped = bytes[offset + 156] == 'x' ? 3 * 512 : 512;
            }
            long from = Math.max(0, skipped - length);
            int usable = (int) Math.min(Math.max(0, count - from), (100L << 20) - summed);
            crc.update(bytes, offset + (int) Math.min(from, count), usable);
            summed += usable;
            length += count;
        }

        long sum(long size) {
            assertThat(summed).isEqualTo(size);
            return crc.getValue();
        }
    }

    @Test
    void ownersOfAMappedMountAreThoseOfTheContainer() throws Exception {
        Path image = Files.createDirectories(work.resolve("image"));
        TestBundle.fill(image);
        bundle = userNamespace(TestBundle.create(work.resolve("mapped"), "sleep", "1000"));
        Files.createDirectories(bundle.directory().resolve("rootfs"));
        openToOthers();
        Mount mount = Mount.newBuilder()
                .setType("bind")
                .setSource(image.toString())
                .addAllOptions(List.of("rbind", "rw", "uidmap=0:100000:1000", "gidmap=0:100000:1000"))
                .build();
        shim.tasks()
                .create(Shim.CALL, shim.request("c", bundle).addRootfs(mount).build());
        shim.start("c");

        copyTo(
                path("/tmp/new").toBuilder().setPreserveOwnership(true).build(),
                new TarBytes().add(TarBytes.header("owned", '0').owner(5, 6)).symlink("s", "x"));
        copyTo(path("/tmp/new"), new TarBytes().file("plain", "x"));

        Stat owned = Stat.ofLink(image.resolve("tmp/new/owned"));
        assertThat(List.of(owned.uid(), owned.gid())).containsExactly(5, 6);
        assertThat(Stat.ofLink(image.resolve("tmp/new")).uid()).isZero();
        assertThat(Stat.ofLink(image.resolve("tmp/new/plain")).uid()).isZero();
        assertThat(named(entries(copyFrom(path("/tmp/new/owned"))), "owned").uid())
                .isEqualTo(5);
    }

    @Test
    void deepTreesEnd() throws Exception {
        Path deep = inside("tmp");
        for (int i = 0; i < 300; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        run();
        isRefused(Code.RESOURCE_EXHAUSTED, () -> copyFrom(path("/tmp")), "256 deep");
        isRefused(Code.RESOURCE_EXHAUSTED, () -> copyTo(path("/" + "e/".repeat(300)), new TarBytes()), "256");
    }

    @Test
    void ownersAreThoseOfTheUserNamespace() throws Exception {
        bundle = userNamespace(bundle);
        chownAll(bundle.directory().resolve("rootfs"), 100_000);
        openToOthers();
        run();
        assertThat(exec("id", "id", "-u")).isEqualTo("0\n");

        copyTo(
                path("/tmp/new"),
                new TarBytes().add(TarBytes.header("plain", '0').owner(5, 6)));
        copyTo(
                path("/tmp/new").toBuilder().setPreserveOwnership(true).build(),
                new TarBytes()
                        .add(TarBytes.header("owned", '0').owner(5, 6))
                        .add(TarBytes.header("device", '3').device(1, 3)));

        assertThat(Stat.ofLink(inside("tmp/new")).uid()).isEqualTo(100_000);
        assertThat(Stat.ofLink(inside("tmp/new/plain")).uid()).isEqualTo(100_000);
        Stat owned = Stat.ofLink(inside("tmp/new/owned"));
        assertThat(List.of(owned.uid(), owned.gid())).containsExactly(100_005, 100_006);
        assertThat(inside("tmp/new/device")).doesNotExist();
        TarEntry back = named(entries(copyFrom(path("/tmp/new/owned"))), "owned");
        assertThat(List.of(back.uid(), back.gid())).containsExactly(5, 6);
        isRefused(
                Code.INVALID_ARGUMENT,
                () -> copyTo(
                        path("/tmp").toBuilder().setPreserveOwnership(true).build(),
                        new TarBytes().add(TarBytes.header("nobody", '0').owner(5000, 0))),
                "owner 5000");
        assertThat(list("tmp")).containsExactly("new");
    }

    private static TestBundle userNamespace(TestBundle of) throws IOException {
        return of.with(spec -> {
            JsonObject linux = spec.object("linux").orElseThrow();
            List<Object> namespaces = new ArrayList<>(linux.objects("namespaces"));
            namespaces.add(new JsonObject(new LinkedHashMap<>(Map.of("type", "user"))));
            List<JsonObject> map = List.of(
                    new JsonObject(new LinkedHashMap<>(Map.of("containerID", 0, "hostID", 100_000, "size", 1000))));
            linux.with("namespaces", namespaces).with("uidMappings", map).with("gidMappings", map);
        });
    }

    private static void chownAll(Path root, int owner) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.toList()) {
                FilesAt.chown(Fd.CWD, file.toString(), owner, owner, OpenFlags.AT_SYMLINK_NOFOLLOW);
            }
        }
    }

    private void openToOthers() throws IOException {
        for (Path directory : List.of(work, bundle.directory())) {
            Files.setPosixFilePermissions(
                    directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void attributesOfTheMachineStayOut() throws Exception {
        run();
        copyTo(
                path("/tmp"),
                new TarBytes()
                        .pax(new LinkedHashMap<>(Map.of("SCHILY.xattr.trusted.overlay.opaque", bytes("y"))))
                        .file("f", ""));
        assertThat(Xattr.list(inside("tmp/f"))).doesNotContain("trusted.overlay.opaque");
    }
}
