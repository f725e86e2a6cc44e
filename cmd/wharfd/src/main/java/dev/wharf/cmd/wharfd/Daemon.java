package dev.wharf.cmd.wharfd;

import dev.wharf.cmd.wharfd.boot.Directories;
import dev.wharf.cmd.wharfd.boot.NativeLibraries;
import dev.wharf.cmd.wharfd.boot.OomScore;
import dev.wharf.cmd.wharfd.boot.RootLock;
import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.plugin.PluginCatalog;
import dev.wharf.core.plugin.PluginEnvironment;
import dev.wharf.core.plugin.PluginSelection;
import dev.wharf.core.plugin.PluginStatus;
import dev.wharf.core.plugin.RunningPlugins;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running daemon: its root is locked and its plugins, the listening ones last, are started.
 *
 * <p>Closing it stops listening first and leaves shims and containers alone.
 */
public final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    /** Nobody could reach a daemon without it. */
    private static final String INDISPENSABLE = "io.containerd.server.v1.grpc";

    private final RootLock lock;
    private final RunningPlugins plugins;

    private Daemon(RootLock lock, RunningPlugins plugins) {
        this.lock = lock;
        this.plugins = plugins;
    }

    /** Starts a daemon; it answers requests when this returns. */
    public static Daemon start(ServerConfig config) {
        Directories.prepare(config.root(), config.state(), config.temp());
        RootLock lock = RootLock.take(config.root());
        try {
            OomScore.set(config.oomScore());
            Directories.temporaryMounts(config.root());
            NativeLibraries.unpackBelow(config.root());
            return new Daemon(lock, startPlugins(config));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static RunningPlugins startPlugins(ServerConfig config) {
        Set<String> required = new HashSet<>(config.requiredPlugins());
        if (!config.disabledPlugins().contains(INDISPENSABLE)) {
            required.add(INDISPENSABLE);
        }
        return RunningPlugins.start(
                Builtins.list(config, BuildInfo.current(), InstantSource.system()),
                new PluginSelection(config.disabledPlugins(), required),
                new Environment(config),
                new Logged());
    }

    /** What is running. */
    public PluginCatalog plugins() {
        return plugins;
    }

    @Override
    public void close() {
        plugins.close();
        lock.close();
    }

    private record Environment(ServerConfig config) implements PluginEnvironment {
        @Override
        public Path root() {
            return config.root();
        }

        @Override
        public Path state() {
            return config.state();
        }

        @Override
        public <C> C config(String uri, Class<C> as) {
            return config.plugin(uri, as);
        }
    }

    private static final class Logged implements RunningPlugins.Observer {
        @Override
        public void decided(PluginStatus status) {
            WharfException error = status.error();
            if (error == null) {
                LOG.debug("plugin started id={}", status.uri());
            } else if (status.skipped()) {
                LOG.atInfo().addKeyValue("id", status.uri()).log("skip loading plugin: {}", error.getMessage());
            } else {
                LOG.atWarn().addKeyValue("id", status.uri()).setCause(error).log("failed to load plugin");
            }
        }

        @Override
        public void closeFailed(String uri, Exception cause) {
            LOG.atError().addKeyValue("id", uri).setCause(cause).log("failed to close plugin");
        }
    }
}
