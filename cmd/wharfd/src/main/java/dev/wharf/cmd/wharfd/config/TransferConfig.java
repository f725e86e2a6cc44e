package dev.wharf.cmd.wharfd.config;

/**
 * {@code io.containerd.transfer.v1.local}.
 *
 * @param maxConcurrentDownloads how many blobs are downloaded at once by all pulls together
 * @param maxConcurrentUnpacks how many layers of an image are unpacked at once, where the snapshotter can; containerd's
 *     default is 1, here it is one more than there are processors, as
 *     disks and registries make them wait, but at most 4
 * @param checkPlatform whether an image is unpacked only for the very platform asked for
 * @param configPath the directory of hosts.toml files for clients that name none
 * @param registry how long registries are waited for
 */
public record TransferConfig(
        int maxConcurrentDownloads,
        int maxConcurrentUnpacks,
        boolean checkPlatform,
        String configPath,
        RegistryConfig registry) {
    private static final int MOST = 1024;

    static TransferConfig read(Section section) {
        section.integer("concurrent_layer_fetch_buffer", 0, 0, Integer.MAX_VALUE);
        section.integer("max_concurrent_uploaded_layers", 3, 1, MOST);
        section.keepRaw("unpack_config");
        Section registry = section.child("registry");
        RegistryConfig waits = RegistryConfig.read(registry);
        registry.finish();
        int processors = Runtime.getRuntime().availableProcessors();
        return new TransferConfig(
                section.integer("max_concurrent_downloads", 3, 1, MOST),
                section.integer("max_concurrent_unpacks", Math.min(4, processors + 1), 1, MOST),
                section.flag("check_platform_supported", false),
                section.text("config_path", ""),
                waits);
    }
}
