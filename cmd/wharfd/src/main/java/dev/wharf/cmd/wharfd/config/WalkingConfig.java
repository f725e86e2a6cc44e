package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.differ.v1.walking}: how much one layer may ask for. Keys of our own; containerd has no bound.
 *
 * @param maxLayerBytes bytes of an unpacked layer, and of any one file in it including its holes
 * @param maxLayerEntries number of files, directories and links in a layer
 */
public record WalkingConfig(long maxLayerBytes, long maxLayerEntries) {
    private static final long BYTES = 1L << 40;
    private static final long ENTRIES = 4_000_000;

    static WalkingConfig read(Section section) {
        return new WalkingConfig(
                section.whole("max_layer_bytes", BYTES, 1, Long.MAX_VALUE),
                section.whole("max_layer_entries", ENTRIES, 1, Integer.MAX_VALUE));
    }
}
