package dev.wharf.plugins.content.local;

import dev.wharf.core.content.ContentReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads one blob by an open file, which stays readable when the blob is deleted. */
final class LocalContentReader implements ContentReader {
    private final FileChannel file;
    private final long size;

    private LocalContentReader(FileChannel file, long size) {
        this.file = file;
        this.size = size;
    }

    static LocalContentReader open(Path blob) throws IOException {
        FileChannel file = FileChannel.open(blob, StandardOpenOption.READ);
        try {
            return new LocalContentReader(file, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
        return file.read(buffer, offset);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
