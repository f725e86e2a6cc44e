package dev.wharf.cmd.wharfd;

import static dev.wharf.core.plugin.PluginTypes.DIFFER;
import static dev.wharf.core.plugin.PluginTypes.LEASE;
import static dev.wharf.core.plugin.PluginTypes.METADATA;
import static dev.wharf.core.plugin.PluginTypes.SNAPSHOTTER;
import static dev.wharf.core.plugin.PluginTypes.STREAMING;
import static dev.wharf.core.plugin.PluginTypes.TRANSFER;
import static dev.wharf.core.plugin.StartOutcome.started;

import dev.wharf.cmd.wharfd.config.RegistryConfig;
import dev.wharf.cmd.wharfd.config.TransferConfig;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.plugin.MetadataStores;
import dev.wharf.core.plugin.PluginStatus;
import dev.wharf.core.plugin.StartContext;
import dev.wharf.core.plugin.StartOutcome;
import dev.wharf.core.streaming.StreamManager;
import dev.wharf.core.transfer.TransferService;
import dev.wharf.core.transfer.image.TransferSettings;
import dev.wharf.core.unpack.UnpackTarget;
import dev.wharf.lib.registry.RegistryOptions;
import dev.wharf.lib.registry.proxy.ProxySettings;
import dev.wharf.plugins.streaming.manager.OpenStreams;
import dev.wharf.plugins.transfer.local.LocalTransferService;
import dev.wharf.plugins.transfer.local.OciRegistries;
import dev.wharf.services.diff.OrderedAppliers;
import dev.wharf.services.streaming.StreamingService;
import dev.wharf.services.transfer.TransferRpcService;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How transfers and streams are started.
 *
 * @param build told to registries
 * @param clock what leases are dated by
 */
record TransferPlugins(BuildInfo build, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(TransferPlugins.class);
    private static final int MOST_STREAMS = 4096;
    private static final Duration UNCLAIMED = Duration.ofMinutes(10);
    private static final String DEFAULT_SNAPSHOTTER = "overlayfs";

    StartOutcome<StreamManager> streams(StartContext context) {
        return started(new OpenStreams(MOST_STREAMS));
    }

    StartOutcome<TransferService> local(StartContext context) {
        TransferConfig config = context.config(TransferConfig.class);
        MetadataStores stores = context.one(METADATA);
        return started(new LocalTransferService(
                stores.content(),
                stores.images(),
                context.one(LEASE),
                new OciRegistries(registryOptions(config.registry()), config.configPath()),
                new TransferSettings(
                        config.maxConcurrentDownloads(),
                        config.checkPlatform(),
                        DEFAULT_SNAPSHOTTER,
                        targets(context, config),
                        LOG::warn),
                clock,
                new SecureRandom()));
    }

    /** Proxies are those of the daemon's environment, as with containerd. */
    private RegistryOptions registryOptions(RegistryConfig config) {
        RegistryOptions usual = RegistryOptions.of("containerd/" + build.version());
        return usual.withDeadlines(new RegistryOptions.Deadlines(
                        config.connectTimeout(),
                        config.answerTimeout(),
                        config.idleTimeout(),
                        config.leastRate(),
                        config.rateWindow()))
                .withRetries(new RegistryOptions.Retries(
                        config.attempts(), usual.retries().longestRetryAfter()))
                .withProxies(ProxySettings.ofEnvironment(System.getenv()));
    }

    private static List<UnpackTarget> targets(StartContext context, TransferConfig config) {
        Applier applier = new OrderedAppliers(List.copyOf(context.all(DIFFER).values()));
        return context.all(SNAPSHOTTER).entrySet().stream()
                .map(snapshotter -> new UnpackTarget(
                        snapshotter.getKey(),
                        snapshotter.getValue(),
                        applier,
                        canRebase(context, snapshotter.getKey()) ? config.maxConcurrentUnpacks() : 1))
                .toList();
    }

    private static boolean canRebase(StartContext context, String snapshotter) {
        return context.catalog().list().stream()
                .filter(status ->
                        status.type().equals(SNAPSHOTTER.name()) && status.id().equals(snapshotter))
                .map(PluginStatus::capabilities)
                .anyMatch(capabilities -> capabilities.contains("rebase"));
    }

    StartOutcome<RpcServices> streaming(StartContext context) {
        return ServicePlugins.service(new StreamingService(context.one(STREAMING), UNCLAIMED));
    }

    StartOutcome<RpcServices> transfer(StartContext context) {
        return ServicePlugins.service(new TransferRpcService(context.one(TRANSFER), context.one(STREAMING)));
    }
}
