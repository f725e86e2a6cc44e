package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIoTest {
    private static final int READ_WRITE = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void memoryIsWrittenAndReadAtPositions() {
        try (Fd fd = Fd.open(dir.resolve("f"), READ_WRITE, 0600);
                Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 1, (byte) 2, (byte) 3);
            assertThat(FileIo.pwrite(fd, data, 1000)).isEqualTo(3);
            MemorySegment back = arena.allocate(8);
            assertThat(FileIo.pread(fd, back, 1001)).isEqualTo(2);
            assertThat(back.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 2);
            assertThat(Stat.of(fd).size()).isEqualTo(1003);
            FileIo.truncate(fd, 10);
            FileIo.allocate(fd, 0, 5000);
            FileIo.fdatasync(fd);
            FileIo.syncfs(fd);
            assertThat(Stat.of(fd).size()).isEqualTo(5000);
            MemorySegment heap = MemorySegment.ofArray(new byte[3]);
            assertThatIllegalArgumentException().isThrownBy(() -> FileIo.write(fd, heap));
        }
    }

    @Test
    void buffersAdvanceByWhatWasMoved() throws IOException {
        Path file = dir.resolve("f");
        try (Fd fd = Fd.open(file, READ_WRITE, 0600)) {
            ByteBuffer heap = ByteBuffer.wrap("heap".getBytes(StandardCharsets.US_ASCII));
            ByteBuffer direct = ByteBuffer.allocateDirect(6).put("direct".getBytes(StandardCharsets.US_ASCII));
            FileIo.write(fd, heap.position(1));
            FileIo.write(fd, direct.flip());
            assertThat(heap.remaining()).isZero();
            assertThat(direct.remaining()).isZero();
        }
        assertThat(file).hasContent("eapdirect");
        try (Fd fd = Fd.open(file, OpenFlags.O_RDONLY)) {
            ByteBuffer direct = ByteBuffer.allocateDirect(4);
            ByteBuffer heap = ByteBuffer.allocate(100);
            assertThat(FileIo.read(fd, direct)).isEqualTo(4);
            assertThat(FileIo.read(fd, heap)).isEqualTo(5);
            assertThat(FileIo.read(fd, heap)).isZero();
            assertThat(heap.position()).isEqualTo(5);
        }
    }

    @Test
    void kernelCopiesBetweenFilesAndPipes() throws IOException {
        byte[] content = new byte[300_000];
        new Random(3).nextBytes(content);
        Path source = Files.write(dir.resolve("source"), content);
        try (Fd from = Fd.open(source, OpenFlags.O_RDONLY);
                Fd to = Fd.open(dir.resolve("copy"), READ_WRITE, 0600);
                Fd sent = Fd.open(dir.resolve("sent"), READ_WRITE, 0600);
                Fd memory = MemoryFile.create("test")) {
            KernelCopy.copyAll(from, to);
            try (Fd again = Fd.open(source, OpenFlags.O_RDONLY)) {
                KernelCopy.copyAll(again, memory);
            }
            try (Pipe pipe = Pipe.create();
                    Fd again = Fd.open(source, OpenFlags.O_RDONLY)) {
                assertThat(KernelCopy.trySplice(pipe.reader(), sent, 100)).isEmpty();
                long moved = KernelCopy.splice(again, pipe.writer(), 10_000);
                assertThat(KernelCopy.splice(pipe.reader(), sent, moved)).isEqualTo(moved);
            }
            assertThat(dir.resolve("copy")).hasBinaryContent(content);
            assertThat(memory.procPath()).hasBinaryContent(content);
            assertThat(Files.size(dir.resolve("sent"))).isPositive();
        }
    }

    @Test
    void fifoIsReadNonBlockingAndTellsTheEnd() {
        Path fifo = dir.resolve("fifo");
        Fifo.create(fifo, 0600);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Fifo.openWriter(fifo))
                .matches(e -> e.is(Errno.ENXIO));
        byte[] buffer = new byte[10];
        try (Fd reader = Fifo.openReader(fifo)) {
            try (Fd writer = Fifo.openWriter(fifo)) {
                assertThat(FileIo.tryRead(reader, buffer, 0, 10)).isEmpty();
                assertThat(Poll.await(reader, Poll.IN, Duration.ofMillis(5))).isZero();
                FileIo.writeFully(writer, new byte[] {5});
                assertThat(Poll.await(reader, Poll.IN, LONG)).isEqualTo(Poll.IN);
                assertThat(FileIo.tryRead(reader, buffer, 0, 10)).hasValue(1);
            }
            assertThat(Poll.await(reader, Poll.IN, LONG)).isEqualTo(Poll.HUP);
            assertThat(FileIo.tryRead(reader, buffer, 0, 10)).hasValue(0);
        }
        Fifo.openBoth(fifo).close();
    }

    @Test
    void pollAndEpollAreWokenByAnEventFd() throws Exception {
        try (EventFd event = EventFd.create();
                Pipe silent = Pipe.create();
                Epoll epoll = Epoll.create()) {
            assertThat(event.drain()).isZero();
            Thread waker = Thread.ofPlatform().start(event::signal);
            int[] events = Poll.await(
                    List.of(new Poll.Interest(silent.reader(), Poll.IN), new Poll.Interest(event.fd(), Poll.IN)), LONG);
            assertThat(events).containsExactly(0, Poll.IN);
            waker.join();
            event.signal();
            epoll.add(silent.reader(), Epoll.IN, 1);
            epoll.add(event.fd(), Epoll.IN, -2);
            assertThat(epoll.await(4, LONG)).containsExactly(new Epoll.Event(-2, Epoll.IN));
            epoll.modify(event.fd(), Epoll.IN | Epoll.ONESHOT, 3);
            assertThat(epoll.await(4, LONG)).containsExactly(new Epoll.Event(3, Epoll.IN));
            assertThat(epoll.await(4, Duration.ZERO)).isEmpty();
            epoll.remove(event.fd());
            assertThat(event.drain()).isEqualTo(2);
        }
    }

    @Test
    void descriptorPropertiesAreRead() {
        try (Pipe pipe = Pipe.create();
                Fd copy = pipe.reader().duplicate()) {
            assertThat(Fcntl.closeOnExec(pipe.reader())).isTrue();
            assertThat(Fcntl.closeOnExec(copy)).isTrue();
            assertThat(Fcntl.setPipeSize(pipe.writer(), 1 << 18)).isGreaterThanOrEqualTo(1 << 18);
            assertThat(Fcntl.pipeSize(pipe.reader())).isEqualTo(1 << 18);
            Fcntl.setNonBlocking(copy, true);
            assertThat(Fcntl.flags(pipe.reader()) & OpenFlags.O_NONBLOCK).isNotZero();
        }
    }

    @Test
    void lockExcludesOtherOpenFiles() {
        Path file = dir.resolve("lock");
        try (Fd first = Fd.open(file, READ_WRITE, 0600);
                Fd second = Fd.open(file, READ_WRITE, 0600)) {
            assertThat(Fcntl.tryLock(first)).isTrue();
            assertThat(Fcntl.tryLock(second)).isFalse();
            assertThat(Fcntl.tryLockShared(second)).isFalse();
            Fcntl.unlock(first);
            assertThat(Fcntl.tryLock(second)).isTrue();
        }
    }

    @Test
    void streamsReadAndWriteDescriptors() throws IOException {
        Pipe pipe = Pipe.create();
        try (FdInputStream in = new FdInputStream(pipe.reader())) {
            try (FdOutputStream out = new FdOutputStream(pipe.writer())) {
                out.write('x');
                out.write("yz".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("xyz");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void fileSystemTellsItsTypeAndRoom() {
        FileSystem proc = FileSystem.of(Path.of("/proc"));
        assertThat(proc.type()).isEqualTo(FileSystem.PROC);
        assertThat(proc.isOfKernel()).isTrue();
        FileSystem here = FileSystem.of(dir);
        assertThat(here.isOfKernel()).isFalse();
        assertThat(here.blocks()).isPositive();
        assertThat(here.freeBlocks()).isBetween(here.availableBlocks(), here.blocks());
        assertThat(here.maxName()).isEqualTo(255);
        try (Fd fd = Fd.directory(dir)) {
            assertThat(FileSystem.of(fd).type()).isEqualTo(here.type());
        }
    }

    @Test
    void changesAreReported() throws IOException {
        try (Inotify inotify = Inotify.create()) {
            int watch = inotify.add(dir, Inotify.CREATE | Inotify.DELETE);
            assertThat(inotify.read()).isEmpty();
            Files.createFile(dir.resolve("new"));
            Files.delete(dir.resolve("new"));
            assertThat(inotify.read())
                    .containsExactly(
                            new Inotify.Event(watch, Inotify.CREATE, "new"),
                            new Inotify.Event(watch, Inotify.DELETE, "new"));
            inotify.remove(watch);
        }
    }
}
