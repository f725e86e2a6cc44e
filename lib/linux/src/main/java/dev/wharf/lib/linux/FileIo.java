package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Reading, writing and syncing open files.
 *
 * <p>All of these can block: on pipes, sockets and terminals for as long as the other side likes unless the descriptor
 * is non-blocking (then EAGAIN), on files until the disk answers. Counts are bytes; a short count is no error.
 */
public final class FileIo {
    private static final int SYNC_FILE_RANGE_WRITE = 2;

    /** Most bytes of a Java array that are copied through native memory in one call. */
    private static final int MAX_COPY = 1 << 16;

    private FileIo() {}

    /** Reads into native memory; 0 at the end of the file. Source: read(2). */
    public static long read(Fd fd, MemorySegment target) {
        return check(Syscall.READ.call(fd.number(), address(target), target.byteSize()), "read", fd);
    }

    /** Reads at a position, leaving the one of the file alone. Source: pread(2). */
    public static long pread(Fd fd, MemorySegment target, long position) {
        long result = Syscall.PREAD64.call(fd.number(), address(target), target.byteSize(), position);
        return check(result, "pread", fd);
    }

    /** Writes from native memory; answers how much of it. Source: write(2). */
    public static long write(Fd fd, MemorySegment source) {
        return check(Syscall.WRITE.call(fd.number(), address(source), source.byteSize()), "write", fd);
    }

    /** Writes at a position, leaving the one of the file alone. Source: pwrite(2). */
    public static long pwrite(Fd fd, MemorySegment source, long position) {
        long result = Syscall.PWRITE64.call(fd.number(), address(source), source.byteSize(), position);
        return check(result, "pwrite", fd);
    }

    /** Reads once into an array, at most 64 KiB; 0 at the end of the file. */
    public static int read(Fd fd, byte[] target, int offset, int length) {
        return tryRead(fd, target, offset, length).orElseThrow(() -> new ErrnoException(Errno.EAGAIN, "read " + fd));
    }

    /** The same for a non-blocking descriptor: empty when there is nothing to read now. */
    public static OptionalInt tryRead(Fd fd, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.clamp(length, 1, MAX_COPY));
            long result = Syscall.READ.call(fd.number(), buffer.address(), Math.min(length, MAX_COPY));
            if (result == -Errno.EAGAIN.number()) {
                return OptionalInt.empty();
            }
            int count = Math.toIntExact(check(result, "read", fd));
            MemorySegment.copy(buffer, JAVA_BYTE, 0, target, offset, count);
            return OptionalInt.of(count);
        }
    }

    /** Writes once from an array, at most 64 KiB; answers how much. */
    public static int write(Fd fd, byte[] source, int offset, int length) {
        return tryWrite(fd, source, offset, length).orElseThrow(() -> new ErrnoException(Errno.EAGAIN, "write " + fd));
    }

    /** The same for a non-blocking descriptor: empty when there is no room now. */
    public static OptionalInt tryWrite(Fd fd, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        int count = Math.min(length, MAX_COPY);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(count, 1));
            MemorySegment.copy(source, offset, buffer, JAVA_BYTE, 0, count);
            long result = Syscall.WRITE.call(fd.number(), buffer.address(), count);
            if (result == -Errno.EAGAIN.number()) {
                return OptionalInt.empty();
            }
            return OptionalInt.of(Math.toIntExact(check(result, "write", fd)));
        }
    }

    /** Writes the whole array to a blocking descriptor. */
    public static void writeFully(Fd fd, byte[] source) {
        for (int done = 0; done < source.length; ) {
            done += write(fd, source, done, source.length - done);
        }
    }

    /** Reads once into what remains of a buffer and advances it; without a copy when the buffer is direct. */
    public static int read(Fd fd, ByteBuffer target) {
        if (!target.isDirect()) {
            byte[] copy = new byte[Math.min(target.remaining(), MAX_COPY)];
            int count = read(fd, copy, 0, copy.length);
            target.put(copy, 0, count);
            return count;
        }
        int count = Math.toIntExact(read(fd, MemorySegment.ofBuffer(target)));
        target.position(target.position() + count);
        return count;
    }

    /** Writes once from what remains of a buffer and advances it; without a copy when the buffer is direct. */
    public static int write(Fd fd, ByteBuffer source) {
        int count;
        if (source.isDirect()) {
            count = Math.toIntExact(write(fd, MemorySegment.ofBuffer(source)));
        } else {
            byte[] copy = new byte[Math.min(source.remaining(), MAX_COPY)];
            source.get(source.position(), copy);
            count = write(fd, copy, 0, copy.length);
        }
        source.position(source.position() + count);
        return count;
    }

    /** Brings content and all of the inode to the disk. Source: fsync(2). */
    public static void fsync(Fd fd) {
        check(Syscall.FSYNC.call(fd.number()), "fsync", fd);
    }

    /** Brings content and what is needed to read it back to the disk. Source: fdatasync(2). */
    public static void fdatasync(Fd fd) {
        check(Syscall.FDATASYNC.call(fd.number()), "fdatasync", fd);
    }

    /**
     * Has the kernel begin to write a part of the file to the disk, which a later sync then need not wait for. A hint:
     * nothing is durable by it, and where it is not understood nothing happens. Source: sync_file_range(2).
     *
     * @param offset of the first byte
     * @param length bytes
     */
    public static void beginWriteback(Fd fd, long offset, long length) {
        long result = Syscall.SYNC_FILE_RANGE.call(fd.number(), offset, length, SYNC_FILE_RANGE_WRITE);
        assert result <= 0;
    }

    /** Brings the whole file system of the file to the disk. Source: syncfs(2). */
    public static void syncfs(Fd fd) {
        check(Syscall.SYNCFS.call(fd.number()), "syncfs", fd);
    }

    /** Cuts or extends the file to a length. Source: ftruncate(2). */
    public static void truncate(Fd fd, long length) {
        check(Syscall.FTRUNCATE.call(fd.number(), length), "ftruncate", fd, "to", length);
    }

    /** Reserves space for a range and extends the file to its end. Source: fallocate(2). */
    public static void allocate(Fd fd, long position, long length) {
        check(Syscall.FALLOCATE.call(fd.number(), 0, position, length), "fallocate", fd);
    }

    private static long address(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("memory on the Java heap cannot be passed to the kernel");
        }
        return segment.address();
    }
}
