package dev.wharf.plugins.diff.walking;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.plugins.diff.walking.gzip.GzipStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * How a layer is compressed, told by its first bytes, whatever its media type says.
 *
 * <p>Sources: RFC 1952; RFC 8878, "Zstandard Frames" and "Skippable Frames".
 */
final class Decompression {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC = 4;
    private static final int ZSTD = 0xFD2FB528;
    private static final int SKIPPABLE = 0x184D2A50;

    private static final List<String> ARCHIVES = List.of(
            MediaTypes.OCI_LAYER,
            MediaTypes.OCI_LAYER_NONDISTRIBUTABLE,
            MediaTypes.DOCKER_LAYER,
            MediaTypes.DOCKER_LAYER_FOREIGN);

    private static final List<String> SUFFIXES = List.of("", "+gzip", "+zstd", ".gzip", ".zstd");

    private Decompression() {}

    /** Whether the media type is that of a tar archive, plain or compressed in a way known here. */
    static boolean handles(String mediaType) {
        return ARCHIVES.stream()
                .filter(mediaType::startsWith)
                .anyMatch(archive -> SUFFIXES.contains(mediaType.substring(archive.length())));
    }

    /** The decompressed stream. */
    static InputStream of(InputStream compressed) throws IOException {
        BufferedInputStream in = new BufferedInputStream(compressed, BUFFER);
        in.mark(MAGIC);
        byte[] start = in.readNBytes(MAGIC);
        in.reset();
        if (start.length >= 3 && start[0] == 0x1f && start[1] == (byte) 0x8b && start[2] == 8) {
            return new GzipStream(in);
        }
        if (start.length == MAGIC && isZstd(start)) {
            return new ZstdInputStreamNoFinalizer(in);
        }
        return in;
    }

    private static boolean isZstd(byte[] b) {
        int magic = ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return magic == ZSTD || (magic & ~0xF) == SKIPPABLE;
    }
}
