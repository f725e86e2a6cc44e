package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesAtTest {
    private static final int CREATE = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;

    @TempDir
    Path dir;

    private Fd root = Fd.CWD;

    @BeforeEach
    void open() {
        root = Fd.directory(dir);
    }

    @AfterEach
    void close() {
        root.close();
        root.close();
    }

    @Test
    void fileGetsContentOwnerModeAndNanosecondTimes() {
        Instant accessed = Instant.ofEpochSecond(1_000_000_000, 123_456_789);
        Instant modified = Instant.ofEpochSecond(-5, 1);
        try (Fd file = FilesAt.open(root, "f", CREATE, 0600)) {
            FileIo.writeFully(file, "content".getBytes(StandardCharsets.UTF_8));
            FilesAt.chown(file, "", 1000, 2000, OpenFlags.AT_EMPTY_PATH);
            FilesAt.chmod(file, 04755);
            FilesAt.setTimes(file, "", accessed, modified, OpenFlags.AT_EMPTY_PATH);
            FileIo.fsync(file);
        }
        Stat stat = Stat.of(root, "f", 0);
        assertThat(stat.type()).isEqualTo(FileType.REGULAR);
        assertThat(stat.permissions()).isEqualTo(04755);
        assertThat(stat.uid()).isEqualTo(1000);
        assertThat(stat.gid()).isEqualTo(2000);
        assertThat(stat.size()).isEqualTo(7);
        assertThat(stat.links()).isEqualTo(1);
        assertThat(stat.accessed()).isEqualTo(accessed);
        assertThat(stat.modified()).isEqualTo(modified);
        FilesAt.setTimes(root, "f", Instant.MIN, accessed, 0);
        assertThat(Stat.of(dir.resolve("f")).accessed()).isEqualTo(accessed);
        assertThat(Stat.of(dir.resolve("f")).modified()).isEqualTo(accessed);
    }

    @Test
    void symbolicLinkIsReadOwnedAndTimedByItself() {
        FilesAt.symlink("/nowhere/ü", root, "link");
        FilesAt.chown(root, "link", 7, 8, OpenFlags.AT_SYMLINK_NOFOLLOW);
        FilesAt.setTimes(root, "link", Instant.EPOCH, Instant.EPOCH, OpenFlags.AT_SYMLINK_NOFOLLOW);
        assertThat(FilesAt.readlink(root, "link")).isEqualTo("/nowhere/ü");
        Stat stat = Stat.ofLink(dir.resolve("link"));
        assertThat(stat.type()).isEqualTo(FileType.SYMLINK);
        assertThat(stat.uid()).isEqualTo(7);
        assertThat(stat.modified()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void hardLinksAreMadeByNameAndByDescriptor() {
        try (Fd file = FilesAt.open(root, "f", CREATE, 0600)) {
            FilesAt.link(root, "f", root, "g");
            FilesAt.link(file, root, "h");
            assertThat(Stat.of(file).links()).isEqualTo(3);
        }
        FilesAt.unlink(root, "g");
        assertThat(Stat.of(root, "h", 0).links()).isEqualTo(2);
    }

    @Test
    void unnamedFileGetsItsNameLater() {
        try (Fd file = Fd.open(dir, OpenFlags.O_TMPFILE | OpenFlags.O_RDWR, 0644)) {
            FilesAt.link(file, root, "named");
        }
        assertThat(dir.resolve("named")).exists();
    }

    @Test
    void nodesOfAllTypesAreMade() {
        FilesAt.mknod(root, "null", FileType.CHARACTER_DEVICE.bits() | 0666, new Device(1, 3));
        FilesAt.mknod(root, "big", FileType.BLOCK_DEVICE.bits() | 0600, new Device(259, 70_000));
        FilesAt.mknod(root, "socket", FileType.SOCKET.bits() | 0600, Device.NONE);
        Fifo.create(dir.resolve("fifo"), 0600);
        assertThat(Stat.of(root, "null", 0).special()).isEqualTo(new Device(1, 3));
        assertThat(Stat.of(root, "big", 0).special()).isEqualTo(new Device(259, 70_000));
        assertThat(Stat.of(root, "big", 0).type()).isEqualTo(FileType.BLOCK_DEVICE);
        assertThat(Stat.of(root, "socket", 0).type()).isEqualTo(FileType.SOCKET);
        assertThat(Stat.of(root, "fifo", 0).type()).isEqualTo(FileType.FIFO);
    }

    @Test
    void renameCanRefuseToReplaceAndCanExchange() {
        FilesAt.mkdir(root, "d", 0700);
        FilesAt.open(root, "f", CREATE, 0600).close();
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> FilesAt.rename(root, "f", root, "d", FilesAt.RENAME_NOREPLACE))
                .matches(e -> e.is(Errno.EEXIST));
        FilesAt.rename(root, "f", root, "d", FilesAt.RENAME_EXCHANGE);
        assertThat(Stat.of(root, "f", 0).type()).isEqualTo(FileType.DIRECTORY);
        FilesAt.rmdir(root, "f");
        FilesAt.rename(root, "d", root, "e", 0);
        assertThat(dir.resolve("e")).exists();
    }

    @Test
    void nameThatIsNotUtf8KeepsItsBytes() {
        byte[] bytes = {'a', (byte) 0xff, (byte) 0xc3, 'b'};
        String name = FileNames.decode(bytes);
        FilesAt.open(root, name, CREATE, 0600).close();
        assertThat(Directory.list(root)).extracting(Directory.Entry::name).containsExactly(name);
        assertThat(FileNames.encode(name)).isEqualTo(bytes);
    }

    @Test
    void everyBytePatternSurvivesDecodingAndEncoding() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(FileNames.encode(FileNames.decode(bytes))).isEqualTo(bytes);
        }
        assertThat(FileNames.decode("grün 😀".getBytes(StandardCharsets.UTF_8))).isEqualTo("grün 😀");
        assertThat(FileNames.encode("grün 😀")).isEqualTo("grün 😀".getBytes(StandardCharsets.UTF_8));
        assertThatIllegalArgumentException().isThrownBy(() -> FileNames.encode("\ud800"));
    }

    @Test
    void nameWithNulIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> FilesAt.mkdir(root, "a\0b", 0700));
        assertThat(dir.resolve("a")).doesNotExist();
    }

    @Test
    void directoryListsAllEntriesWithTheirTypes() throws IOException {
        for (int i = 0; i < 3000; i++) {
            Files.createFile(dir.resolve("a-rather-long-file-name-" + i));
        }
        FilesAt.mkdir(root, "sub", 0700);
        assertThat(Directory.list(root))
                .hasSize(3001)
                .anyMatch(e -> e.name().equals("sub") && e.type() == FileType.DIRECTORY);
    }

    @Test
    void escapesFromTheRootAreRefused() throws IOException {
        Path inside = Files.createDirectory(dir.resolve("inside"));
        Files.writeString(dir.resolve("secret"), "secret");
        Files.createSymbolicLink(inside.resolve("up"), Path.of("../secret"));
        Files.createSymbolicLink(inside.resolve("absolute"), dir.resolve("secret"));
        Files.createSymbolicLink(inside.resolve("magic"), Path.of("/proc/self/root/etc"));
        try (Fd base = Fd.directory(inside)) {
            refused(base, "../secret", OpenAt2.RESOLVE_BENEATH, Errno.EXDEV);
            refused(base, "up", OpenAt2.RESOLVE_BENEATH, Errno.EXDEV);
            refused(base, "absolute", OpenAt2.RESOLVE_BENEATH, Errno.EXDEV);
            refused(base, "/etc/passwd", OpenAt2.RESOLVE_BENEATH, Errno.EXDEV);
            refused(base, "up", OpenAt2.RESOLVE_NO_SYMLINKS, Errno.ELOOP);
            refused(base, "../../../secret", OpenAt2.RESOLVE_IN_ROOT, Errno.ENOENT);
            refused(base, "up", OpenAt2.RESOLVE_IN_ROOT, Errno.ENOENT);
            refused(base, "absolute", OpenAt2.RESOLVE_IN_ROOT, Errno.ENOENT);
            refused(base, "magic", OpenAt2.RESOLVE_IN_ROOT, Errno.ENOENT);
            Files.createDirectory(inside.resolve("etc"));
            Files.createSymbolicLink(inside.resolve("e"), Path.of("/../etc"));
            OpenAt2.directoryInRoot(base, "/e").close();
            Files.delete(inside.resolve("e"));
            Files.delete(inside.resolve("magic"));
        }
        try (Fd slash = Fd.directory(Path.of("/"))) {
            refused(slash, "proc/self/cwd", OpenAt2.RESOLVE_NO_MAGICLINKS, Errno.ELOOP);
            refused(slash, "proc/version", OpenAt2.RESOLVE_NO_XDEV, Errno.EXDEV);
        }
    }

    private static void refused(Fd base, String path, int resolve, Errno errno) {
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() ->
                        OpenAt2.open(base, path, OpenFlags.O_PATH, 0, resolve).close())
                .matches(e -> e.is(errno), errno.name());
    }

    @Test
    void closedDescriptorIsNotUsedAgain() {
        Fd fd = Fd.directory(dir);
        fd.close();
        fd.close();
        assertThat(fd.isClosed()).isTrue();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> Stat.of(fd));
    }

    @Test
    void largeDirectoriesAreListedInParts() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            names.add("file-with-a-name-" + i);
            Files.createFile(dir.resolve(names.getLast()));
        }
        List<String> seen = new ArrayList<>();
        Directory.forEach(root, entry -> seen.add(entry.name()));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(names);
        assertThat(Directory.list(root)).extracting(Directory.Entry::name).containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void filesAreMadeAsAnotherUserWithAllRights() throws Exception {
        Files.createDirectory(dir.resolve("closed"));
        FilesAt.chmod(root, "closed", 0);
        int owner = PlatformThread.call("make", () -> {
            Processes.makingFilesAs(1234, 2345, () -> FilesAt.mkdir(root, "closed/made", 0700));
            FilesAt.mkdir(root, "after", 0700);
            return Stat.of(root, "after", 0).uid();
        });
        assertThat(owner).isZero();
        Stat made = Stat.of(root, "closed/made", 0);
        assertThat(made.uid()).isEqualTo(1234);
        assertThat(made.gid()).isEqualTo(2345);
    }
}
