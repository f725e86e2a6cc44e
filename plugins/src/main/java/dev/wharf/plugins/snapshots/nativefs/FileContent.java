package dev.wharf.plugins.snapshots.nativefs;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Copies the content of one file. */
final class FileContent {
    private static final int CHUNK = 1 << 16;

    /** Most bytes of one system call: a thread cannot be interrupted, nor its carrier used, while it lasts. */
    private static final long KERNEL_CHUNK = 64 << 20;

    private FileContent() {}

    /**
     * Copies all bytes in the kernel, by reference where the file system can (copy_file_range(2), which
     * {@link FileChannel#transferTo} uses).
     *
     * @param target an empty file
     */
    static void copy(Fd source, Fd target, long size) throws IOException {
        try (FileChannel from = FileChannel.open(source.procPath(), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target.procPath(), StandardOpenOption.WRITE)) {
            for (long at = 0; at < size; ) {
                long count = from.transferTo(at, Math.min(size - at, KERNEL_CHUNK), to);
                if (count <= 0) {
                    throw new EOFException("file ends at " + at + " instead of " + size);
                }
                at += count;
            }
        }
    }

    /**
     * Copies a file with holes: chunks of zeros are left out.
     *
     * @param target an empty file
     */
    static void copySparse(Fd source, Fd target, long size) throws IOException {
        try (FileChannel from = FileChannel.open(source.procPath(), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target.procPath(), StandardOpenOption.WRITE)) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK);
            for (long at = 0; at < size; ) {
                chunk.clear().limit((int) Math.min(CHUNK, size - at));
                int count = from.read(chunk, at);
                if (count < 0) {
                    throw new EOFException("file ends at " + at + " instead of " + size);
                }
                chunk.flip();
                if (!chunk.equals(zeros.clear().limit(count))) {
                    writeFully(to, chunk, at);
                }
                at += count;
            }
            FileIo.truncate(target, size);
        }
    }

    private static void writeFully(FileChannel to, ByteBuffer chunk, long position) throws IOException {
        long at = position;
        while (chunk.hasRemaining()) {
            at += to.write(chunk, at);
        }
    }
}
