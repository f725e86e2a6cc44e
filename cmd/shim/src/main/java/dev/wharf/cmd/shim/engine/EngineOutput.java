package dev.wharf.cmd.shim.engine;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.MemoryFile;
import dev.wharf.lib.linux.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What an engine prints, kept in memory up to a limit; nobody has to read while it runs. */
final class EngineOutput implements AutoCloseable {
    private static final int CHUNK = 4096;

    private final Fd file;

    /** Room for so many bytes; the engine's writes beyond it fail. */
    EngineOutput(int limit) {
        file = MemoryFile.ofSize("engine-output", limit);
    }

    Fd file() {
        return file;
    }

    /** All of it, up to the zeros that nobody overwrote. */
    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (Fd reader = Fd.open(file.procPath(), OpenFlags.O_RDONLY)) {
            int written = CHUNK;
            while (written == CHUNK) {
                written = written(chunk, FileIo.read(reader, chunk, 0, CHUNK));
                bytes.write(chunk, 0, written);
            }
        }
        return bytes.toByteArray();
    }

    private static int written(byte[] chunk, int length) {
        int end = length;
        while (end > 0 && chunk[end - 1] == 0) {
            end--;
        }
        return end;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        file.close();
    }
}
