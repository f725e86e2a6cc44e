package dev.wharf.core.plugin;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of a running daemon: started in the order of their needs, closed in the opposite one.
 *
 * <p>A plugin that fails is remembered with its error and the daemon goes on without it, unless it is required.
 * Starting happens on one thread; the catalog may be read by any.
 */
public final class RunningPlugins implements PluginCatalog, AutoCloseable {
    private final PluginEnvironment environment;
    private final Observer observer;
    private final List<PluginStatus> statuses = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, Object>> instances = new LinkedHashMap<>();
    private final List<Open> opened = new ArrayList<>();

    /** Who offers on what another plugin made does not own it: the first to have it closes it. */
    private final Set<AutoCloseable> owned = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Is told what happens, to log it. */
    public interface Observer {
        /** A plugin was started, skipped or failed. */
        void decided(PluginStatus status);

        /** A plugin could not be closed. */
        void closeFailed(String uri, Exception cause);
    }

    private record Open(String uri, AutoCloseable instance) {}

    private RunningPlugins(PluginEnvironment environment, Observer observer) {
        this.environment = environment;
        this.observer = observer;
    }

    /**
     * Starts plugins. Where a required one fails or is missing, those already started are closed again.
     *
     * @throws WharfException {@code INVALID_ARGUMENT} where they require each other in a circle;
     *     {@code FAILED_PRECONDITION} where a required plugin does not run
     */
    public static RunningPlugins start(
            Collection<Plugin<?>> plugins,
            PluginSelection selection,
            PluginEnvironment environment,
            Observer observer) {
        List<Plugin<?>> wanted = plugins.stream()
                .filter(plugin -> !selection.disabled().contains(plugin.uri()))
                .toList();
        requireKnown(wanted, selection.required());
        RunningPlugins running = new RunningPlugins(environment, observer);
        try {
            PluginGraph.order(wanted).forEach(plugin -> running.start(plugin, selection));
        } catch (RuntimeException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private static void requireKnown(List<Plugin<?>> wanted, Set<String> required) {
        Set<String> missing = new TreeSet<>(required);
        wanted.forEach(plugin -> missing.remove(plugin.uri()));
        if (!missing.isEmpty()) {
            throw ErrorKind.FAILED_PRECONDITION.of("required_plugins names plugins that are not there: " + missing);
        }
    }

    private <T> void start(Plugin<T> plugin, PluginSelection selection) {
        PluginStatus status = startOne(plugin);
        statuses.add(status);
        observer.decided(status);
        WharfException error = status.error();
        if (error != null && selection.required().contains(plugin.uri())) {
            throw ErrorKind.FAILED_PRECONDITION.of(
                    "load required plugin " + plugin.uri() + ": " + error.getMessage(), error);
        }
    }

    /** Catches everything: a plugin that cannot start must not keep the others from it. */
    private <T> PluginStatus startOne(Plugin<T> plugin) {
        try {
            return switch (plugin.start().start(new Context(plugin))) {
                case StartOutcome.Started<T> started -> keep(plugin, started);
                case StartOutcome.Skipped<T> skipped ->
                    failure(plugin, new WharfException(ErrorKind.UNKNOWN, skipped.reason() + ": skip plugin"), true);
            };
        } catch (WharfException e) {
            return failure(plugin, e, false);
        } catch (Exception | LinkageError e) {
            return failure(plugin, new WharfException(ErrorKind.UNKNOWN, e.toString(), e), false);
        }
    }

    private <T> PluginStatus keep(Plugin<T> plugin, StartOutcome.Started<T> started) {
        T instance = plugin.type().offers().cast(started.instance());
        instances
                .computeIfAbsent(plugin.type().name(), _ -> new LinkedHashMap<>())
                .put(plugin.id(), instance);
        if (instance instanceof AutoCloseable closeable && owned.add(closeable)) {
            opened.add(new Open(plugin.uri(), closeable));
        }
        return new PluginStatus(
                plugin.type().name(),
                plugin.id(),
                names(plugin),
                started.platforms(),
                started.exports(),
                started.capabilities(),
                null,
                false);
    }

    private static PluginStatus failure(Plugin<?> plugin, WharfException error, boolean skipped) {
        return new PluginStatus(
                plugin.type().name(), plugin.id(), names(plugin), List.of(), Map.of(), List.of(), error, skipped);
    }

    private static List<String> names(Plugin<?> plugin) {
        return plugin.requires().stream().map(PluginType::name).toList();
    }

    @Override
    public List<PluginStatus> list() {
        return List.copyOf(statuses);
    }

    /** All plugins of a type that run, by id, in the order of starting. */
    public <T> Map<String, T> all(PluginType<T> type) {
        Map<String, T> typed = new LinkedHashMap<>();
        instances
                .getOrDefault(type.name(), Map.of())
                .forEach((id, instance) -> typed.put(id, type.offers().cast(instance)));
        return Collections.unmodifiableMap(typed);
    }

    /** Closes all that can be closed, the last started first; one that fails does not keep the others open. */
    @Override
    public void close() {
        opened.reversed().forEach(this::close);
        opened.clear();
    }

    private void close(Open open) {
        try {
            open.instance().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            observer.closeFailed(open.uri(), e);
        } catch (Exception e) {
            observer.closeFailed(open.uri(), e);
        }
    }

    /** What one plugin sees of the others: only what it said it requires. */
    private final class Context implements StartContext {
        private final Plugin<?> plugin;
        private final Set<String> required = new HashSet<>();

        Context(Plugin<?> plugin) {
            this.plugin = plugin;
            required.addAll(names(plugin));
        }

        @Override
        public Path root() {
            return environment.root().resolve(plugin.uri());
        }

        @Override
        public Path state() {
            return environment.state().resolve(plugin.uri());
        }

        @Override
        public <C> C config(Class<C> as) {
            return environment.config(plugin.uri(), as);
        }

        @Override
        public <T> T one(PluginType<T> type) {
            Map<String, T> all = all(type);
            if (all.size() > 1) {
                throw ErrorKind.FAILED_PRECONDITION.of(
                        "there are several plugins of type " + type + ": " + all.keySet());
            }
            return present(all.values().stream().findFirst().orElse(null), type.name());
        }

        @Override
        public <T> T one(PluginType<?> type, String id, Class<T> as) {
            return as.cast(present(all(type).get(id), type.name() + "." + id));
        }

        @Override
        public <T> Map<String, T> all(PluginType<T> type) {
            if (!required.contains(type.name())) {
                throw new IllegalStateException(plugin.uri() + " uses " + type + " and does not require it");
            }
            return RunningPlugins.this.all(type);
        }

        @Override
        public PluginCatalog catalog() {
            return RunningPlugins.this::list;
        }

        private static <T> T present(@Nullable T instance, String what) {
            if (instance == null) {
                throw ErrorKind.NOT_FOUND.of("no plugin " + what + " runs, see its own error");
            }
            return instance;
        }
    }
}
