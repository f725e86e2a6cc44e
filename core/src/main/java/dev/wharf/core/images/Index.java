package dev.wharf.core.images;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Platform;
import java.util.List;
import java.util.Optional;

/**
 * What an index refers to (OCI image specification, image index).
 *
 * @param entries in the order of the document
 */
public record Index(List<Entry> entries) {
    public Index {
        entries = List.copyOf(entries);
    }

    /**
     * A manifest, another index, or any other blob.
     *
     * @param target what it points at
     * @param platform what that is for, if the index says so
     */
    public record Entry(Descriptor target, Optional<Platform> platform) {
        /** Whether it is for one of the platforms; so is everything where none is asked for or none is said. */
        public boolean isFor(List<Platform> platforms) {
            return platforms.isEmpty()
                    || platform.isEmpty()
                    || platforms.stream().anyMatch(wanted -> wanted.runs(platform.get()));
        }
    }

    /** All it refers to. */
    public List<Descriptor> children() {
        return entries.stream().map(Entry::target).toList();
    }
}
