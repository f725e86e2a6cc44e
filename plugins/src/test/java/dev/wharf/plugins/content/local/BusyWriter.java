package dev.wharf.plugins.content.local;

import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.oci.Digest;
import dev.wharf.testkit.content.TestBytes;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/** Writes blobs into a store until it is killed; prints the digest of each once it is committed. */
final class BusyWriter {
    private BusyWriter() {}

    /** Arguments: the root of the store, the seed of the first blob. */
    public static void main(String[] arguments) {
        LocalContentStore store = LocalContentStore.open(Path.of(arguments[0]), InstantSource.system());
        for (long seed = Long.parseLong(arguments[1]); ; seed++) {
            TestBytes data = TestBytes.of(300_000, seed);
            Digest digest = data.digest();
            try (ContentWriter writer = store.writer("ref-" + seed, data.size(), digest)) {
                for (int at = 0; at < data.size(); at += 50_000) {
                    writer.write(data.buffer(at, at + 50_000));
                }
                writer.commit(data.size(), digest, Map.of());
            }
            System.out.println(digest);
        }
    }
}
