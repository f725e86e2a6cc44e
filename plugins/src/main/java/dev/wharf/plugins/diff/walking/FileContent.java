package dev.wharf.plugins.diff.walking;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.plugins.diff.walking.tar.Segment;
import dev.wharf.plugins.diff.walking.tar.TarEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Copies the content of entries into files, through one buffer for all of an archive. Not thread-safe. */
final class FileContent {
    private static final int BUFFER = 1 << 17;

    private final byte[] bytes = new byte[BUFFER];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);

    /** Fills a new, empty file; what lies between the segments becomes holes. */
    void copy(InputStream content, Fd file, TarEntry entry) throws IOException {
        if (!entry.isSparse()) {
            copyAll(content, file);
            return;
        }
        try (FileChannel channel = FileChannel.open(file.procPath(), StandardOpenOption.WRITE)) {
            for (Segment segment : entry.segments()) {
                copySegment(content, channel, segment);
            }
        }
        FileIo.truncate(file, entry.size());
    }

    private void copyAll(InputStream content, Fd file) throws IOException {
        int count;
        while ((count = content.read(bytes, 0, BUFFER)) >= 0) {
            direct.clear().put(bytes, 0, count).flip();
            while (direct.hasRemaining()) {
                FileIo.write(file, direct);
            }
        }
    }

    private void copySegment(InputStream content, FileChannel channel, Segment segment) throws IOException {
        long at = segment.offset();
        long end = at + segment.length();
        while (at < end) {
            int count = content.readNBytes(bytes, 0, (int) Math.min(BUFFER, end - at));
            ByteBuffer part = direct.clear().put(bytes, 0, count).flip();
            while (part.hasRemaining()) {
                at += channel.write(part, at);
            }
        }
    }
}
