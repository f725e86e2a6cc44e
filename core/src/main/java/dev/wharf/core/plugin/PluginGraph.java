package dev.wharf.core.plugin;

import dev.wharf.core.error.ErrorKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts plugins in an order in which each comes after all plugins of the types it requires.
 *
 * <p>The order is otherwise that of the list, so that it is the same at every start. A required type of which there is
 * no plugin is no error here: the plugin that wants it fails when it asks for it.
 */
final class PluginGraph {
    private final Map<String, List<Plugin<?>>> byType = new LinkedHashMap<>();
    private final List<Plugin<?>> ordered = new ArrayList<>();
    private final Set<String> done = new HashSet<>();
    private final Deque<Plugin<?>> path = new ArrayDeque<>();

    private PluginGraph(Collection<Plugin<?>> plugins) {
        for (Plugin<?> plugin : plugins) {
            byType.computeIfAbsent(plugin.type().name(), _ -> new ArrayList<>()).add(plugin);
        }
    }

    /** The plugins in an order of starting; {@code INVALID_ARGUMENT} for a circle or for a URI that occurs twice. */
    static List<Plugin<?>> order(Collection<Plugin<?>> plugins) {
        rejectTwins(plugins);
        PluginGraph graph = new PluginGraph(plugins);
        plugins.forEach(graph::visit);
        return List.copyOf(graph.ordered);
    }

    private static void rejectTwins(Collection<Plugin<?>> plugins) {
        Set<String> seen = new HashSet<>();
        for (Plugin<?> plugin : plugins) {
            if (!seen.add(plugin.uri())) {
                throw ErrorKind.INVALID_ARGUMENT.of("plugin " + plugin.uri() + " is there twice");
            }
        }
    }

    private void visit(Plugin<?> plugin) {
        if (done.contains(plugin.uri())) {
            return;
        }
        if (path.contains(plugin)) {
            throw ErrorKind.INVALID_ARGUMENT.of("plugins require each other in a circle: " + circle(plugin));
        }
        path.addLast(plugin);
        for (PluginType<?> required : plugin.requires()) {
            byType.getOrDefault(required.name(), List.of()).forEach(this::visit);
        }
        path.removeLast();
        done.add(plugin.uri());
        ordered.add(plugin);
    }

    private String circle(Plugin<?> closing) {
        String inner = path.stream()
                .dropWhile(plugin -> plugin != closing)
                .map(Plugin::uri)
                .collect(Collectors.joining(" -> "));
        return inner + " -> " + closing.uri();
    }
}
