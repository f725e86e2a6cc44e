package dev.wharf.lib.tar.place;

import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.tar.Segment;
import dev.wharf.lib.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Copies the content of entries into files, through one buffer for all of an archive. Not thread-safe. */
public final class FileContent {
    /** Files of this many bytes are on their way to the disk before all is synced; smaller ones go better together. */
    private static final long LARGE = 1 << 19;

    private static final long STEP = 1 << 23;

    private final int size;
    private byte[] bytes = {};
    private ByteBuffer direct = ByteBuffer.allocate(0);

    /** @param size of the buffer, which is made when the first content is copied */
    public FileContent(int size) {
        this.size = size;
    }

    /** Fills a new, empty file. What lies between segments becomes holes: the file is extended, then appended to. */
    public void copy(InputStream content, Fd file, TarEntry entry) throws IOException {
        if (!entry.isSparse()) {
            copyAtOnce(content, entry.size(), file);
            return;
        }
        Fcntl.setFlags(file, OpenFlags.O_APPEND);
        for (Segment segment : entry.segments()) {
            FileIo.truncate(file, segment.offset());
            copy(content, segment.length(), file);
        }
        FileIo.truncate(file, entry.size());
    }

    private void copyAtOnce(InputStream content, long length, Fd file) throws IOException {
        for (long at = 0; at < length; at += STEP) {
            long part = Math.min(STEP, length - at);
            copy(content, part, file);
            if (part >= LARGE) {
                FileIo.beginWriteback(file, at, part);
            }
        }
    }

    private void copy(InputStream content, long length, Fd file) throws IOException {
        if (length > 0 && bytes.length == 0) {
            bytes = new byte[size];
            direct = ByteBuffer.allocateDirect(size);
        }
        long left = length;
        while (left > 0) {
            int count = content.read(bytes, 0, (int) Math.min(size, left));
            if (count < 0) {
                return;
            }
            left -= count;
            direct.clear().put(bytes, 0, count).flip();
            while (direct.hasRemaining()) {
                FileIo.write(file, direct);
            }
        }
    }
}
