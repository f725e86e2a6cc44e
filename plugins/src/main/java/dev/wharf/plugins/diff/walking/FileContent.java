package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.plugins.diff.walking.tar.Segment;
import dev.wharf.plugins.diff.walking.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Copies the content of entries into files, through one buffer for all of an archive. Not thread-safe. */
final class FileContent {
    private static final int BUFFER = 1 << 17;

    private final byte[] bytes = new byte[BUFFER];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);

    /** Fills a new, empty file. What lies between segments becomes holes: the file is extended, then appended to. */
    void copy(InputStream content, Fd file, TarEntry entry) throws IOException {
        if (!entry.isSparse()) {
            copy(content, entry.size(), file);
            return;
        }
        Fcntl.setFlags(file, OpenFlags.O_APPEND);
        for (Segment segment : entry.segments()) {
            FileIo.truncate(file, segment.offset());
            copy(content, segment.length(), file);
        }
        FileIo.truncate(file, entry.size());
    }

    private void copy(InputStream content, long length, Fd file) throws IOException {
        long left = length;
        while (left > 0) {
            int count = content.read(bytes, 0, (int) Math.min(BUFFER, left));
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
