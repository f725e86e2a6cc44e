package dev.wharf.core.content;

import dev.wharf.core.filter.Fields;
import dev.wharf.core.oci.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far an ingest has come.
 *
 * @param ref the name its writer gave it
 * @param offset bytes received
 * @param total bytes expected, 0 when unknown
 * @param expected the digest it is to have, or null
 * @param startedAt when it began
 * @param updatedAt when bytes last came
 */
public record IngestStatus(
        String ref, long offset, long total, @Nullable Digest expected, Instant startedAt, Instant updatedAt)
        implements Fields {
    @Override
    public Optional<String> field(List<String> path) {
        return path.getFirst().equals("ref") ? Fields.leaf(path, ref) : Optional.empty();
    }
}
