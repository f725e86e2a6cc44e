package dev.wharf.plugins.content.local;

import dev.wharf.core.oci.Digest;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The data of an ingest, open for writing, with the running hash of all of it. Not safe for several threads. */
final class IngestFile implements AutoCloseable {
    /** Bytes hashed at a time when a file is read again. */
    private static final int BUFFER = 1 << 20;

    /** So much is on its way to the disk before all is synced. */
    private static final long WRITEBACK_STEP = 1 << 23;

    private final Path path;
    private final FileChannel channel;
    private final String algorithm;
    private MessageDigest hash;
    private long size;
    private long written;

    /** The data once more, for what a channel cannot do; opened by large ones only. */
    private @Nullable Fd descriptor;

    private IngestFile(Path path, FileChannel channel, String algorithm) {
        this.path = path;
        this.channel = channel;
        this.algorithm = algorithm;
        this.hash = Digest.newMessageDigest(algorithm);
    }

    /** Opens an ingest's data and hashes what is there already. */
    static IngestFile open(Path data, String algorithm) throws IOException {
        FileChannel channel = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            IngestFile file = new IngestFile(data, channel, algorithm);
            file.rehash(channel.size());
            return file;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    long size() {
        return size;
    }

    /** The digest of all bytes, by the algorithm it was opened with. */
    Digest digest() {
        try {
            return Digest.of(algorithm, ((MessageDigest) hash.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("message digests of the JDK can be cloned", e);
        }
    }

    /** The digest of all bytes by an algorithm; reads the file again when it is another one. */
    Digest digest(String wanted) throws IOException {
        if (wanted.equals(algorithm)) {
            return digest();
        }
        return Digest.of(wanted, hash(Digest.newMessageDigest(wanted), size).digest());
    }

    /** Appends; after a failure, {@link #size} tells how much of it was written. */
    void append(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            ByteBuffer written = data.duplicate();
            int count = channel.write(data, size);
            hash.update(written.limit(written.position() + count));
            size += count;
        }
        if (size - written >= WRITEBACK_STEP) {
            beginWriteback();
        }
    }

    /** What is written meanwhile, nobody has to wait for at the commit. */
    private void beginWriteback() {
        Fd open = descriptor;
        if (open == null) {
            open = Fd.open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
            descriptor = open;
        }
        FileIo.beginWriteback(open, written, size - written);
        written = size;
    }

    /** Cuts it to a size that is not larger than now. */
    void truncate(long length) throws IOException {
        channel.truncate(length);
        rehash(length);
    }

    private void rehash(long length) throws IOException {
        hash = hash(Digest.newMessageDigest(algorithm), length);
        size = length;
        written = length;
    }

    private MessageDigest hash(MessageDigest into, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(length, 1, BUFFER));
        for (long at = 0; at < length; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
            int count = channel.read(buffer, at);
            if (count < 0) {
                throw new IOException("ingest data ends at " + at + " instead of " + length);
            }
            into.update(buffer.flip());
            at += count;
        }
        return into;
    }

    /** Brings the bytes and the inode to the disk. */
    void sync() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        if (descriptor != null) {
            descriptor.close();
        }
        channel.close();
    }
}
