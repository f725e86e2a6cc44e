package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.differ.v1.walking}: how much layers may ask for. Keys of our own; containerd has no bound.
 *
 * @param maxLayerBytes bytes of an unpacked layer, and of any one file in it including its holes
 * @param maxLayerEntries number of files, directories and links in a layer
 * @param maxLayersAtOnce how many layers are unpacked at once, for all clients and images together; further ones wait
 */
public record WalkingConfig(long maxLayerBytes, long maxLayerEntries, int maxLayersAtOnce) {
    private static final long BYTES = 1L << 40;
    private static final long ENTRIES = 4_000_000;

    /** Of layers at once; no machine gains by as many. */
    private static final int MOST = 1024;

    static WalkingConfig read(Section section) {
        int processors = Runtime.getRuntime().availableProcessors();
        return new WalkingConfig(
                section.whole("max_layer_bytes", BYTES, 1, Long.MAX_VALUE),
                section.whole("max_layer_entries", ENTRIES, 1, Integer.MAX_VALUE),
                section.integer("max_layers_at_once", Math.max(4, 2 * processors), 1, MOST));
    }
}
