package dev.wharf.services.testing;

import dev.wharf.core.containers.Container;
import dev.wharf.core.containers.ContainerStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.filter.Fields;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.namespaces.Namespace;
import dev.wharf.core.namespaces.NamespaceStore;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.sandbox.Sandbox;
import dev.wharf.core.sandbox.SandboxStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The stores of named things: each keeps what it is given, by namespace and name, and the paths of an update. */
public final class FakeStores {
    private FakeStores() {}

    /** What all of them do. */
    public abstract static class Named<T extends Fields> {
        public final Map<String, T> kept = new ConcurrentSkipListMap<>();
        public volatile List<String> lastPaths = List.of();
        public volatile @Nullable Context lastContext;

        protected abstract String noun();

        public final T get(Context ctx, String name) {
            lastContext = ctx;
            T found = kept.get(ctx.namespace() + "/" + name);
            if (found == null) {
                throw ErrorKind.NOT_FOUND.of(noun() + " \"" + name + "\" in namespace \"" + ctx.namespace() + "\"");
            }
            return found;
        }

        public final List<T> list(Context ctx, List<String> filters) {
            lastContext = ctx;
            Filter filter = Filter.parse(filters);
            List<T> all = new ArrayList<>();
            kept.forEach((key, value) -> {
                if (key.startsWith(ctx.namespace() + "/") && filter.matches(value)) {
                    all.add(value);
                }
            });
            return all;
        }

        protected final T add(Context ctx, String name, T value) {
            lastContext = ctx;
            if (kept.putIfAbsent(ctx.namespace() + "/" + name, value) != null) {
                throw ErrorKind.ALREADY_EXISTS.of(noun() + " \"" + name + "\"");
            }
            return value;
        }

        protected final T replace(Context ctx, String name, T value, List<String> paths) {
            get(ctx, name);
            lastPaths = paths;
            if (paths.contains("nonsense")) {
                throw ErrorKind.INVALID_ARGUMENT.of("cannot update \"nonsense\" field");
            }
            kept.put(ctx.namespace() + "/" + name, value);
            return value;
        }

        protected final void remove(Context ctx, String name) {
            get(ctx, name);
            kept.remove(ctx.namespace() + "/" + name);
        }
    }

    public static final class Images extends Named<Image> implements ImageStore {
        public volatile Optional<Descriptor> lastTarget = Optional.empty();

        @Override
        protected String noun() {
            return "image";
        }

        @Override
        public Image create(Context ctx, Image image) {
            return add(ctx, image.name(), image);
        }

        @Override
        public Image update(Context ctx, Image image, List<String> paths) {
            return replace(ctx, image.name(), image, paths);
        }

        @Override
        public void delete(Context ctx, String name, Optional<Descriptor> target) {
            lastTarget = target;
            remove(ctx, name);
        }
    }

    public static final class Containers extends Named<Container> implements ContainerStore {
        @Override
        protected String noun() {
            return "container";
        }

        @Override
        public Container create(Context ctx, Container container) {
            return add(ctx, container.id(), container);
        }

        @Override
        public Container update(Context ctx, Container container, List<String> paths) {
            return replace(ctx, container.id(), container, paths);
        }

        @Override
        public void delete(Context ctx, String id) {
            remove(ctx, id);
        }
    }

    public static final class Sandboxes extends Named<Sandbox> implements SandboxStore {
        @Override
        protected String noun() {
            return "sandbox";
        }

        @Override
        public Sandbox create(Context ctx, Sandbox sandbox) {
            return add(ctx, sandbox.id(), sandbox);
        }

        @Override
        public Sandbox update(Context ctx, Sandbox sandbox, List<String> paths) {
            return replace(ctx, sandbox.id(), sandbox, paths);
        }

        @Override
        public void delete(Context ctx, String id) {
            remove(ctx, id);
        }
    }

    public static final class Leases extends Named<Lease> implements LeaseManager {
        private final Map<String, Set<LeaseResource>> resources = new ConcurrentSkipListMap<>();

        @Override
        protected String noun() {
            return "lease";
        }

        @Override
        public Lease create(Context ctx, String id, Map<String, String> labels) {
            String named = id.isEmpty() ? "random" : id;
            return add(ctx, named, new Lease(named, Instant.ofEpochSecond(3), labels));
        }

        @Override
        public void delete(Context ctx, String id) {
            remove(ctx, id);
        }

        @Override
        public void addResource(Context ctx, String lease, LeaseResource resource) {
            get(ctx, lease);
            resources.computeIfAbsent(lease, _ -> new LinkedHashSet<>()).add(resource.check());
        }

        @Override
        public void deleteResource(Context ctx, String lease, LeaseResource resource) {
            get(ctx, lease);
            resources.getOrDefault(lease, new LinkedHashSet<>()).remove(resource.check());
        }

        @Override
        public List<LeaseResource> listResources(Context ctx, String lease) {
            get(ctx, lease);
            return List.copyOf(resources.getOrDefault(lease, Set.of()));
        }
    }

    public static final class Namespaces implements NamespaceStore {
        public final Map<String, Namespace> kept = new ConcurrentSkipListMap<>();
        public volatile List<String> lastPaths = List.of();

        @Override
        public List<Namespace> list() {
            return List.copyOf(kept.values());
        }

        @Override
        public Namespace get(String name) {
            Namespace found = kept.get(name);
            if (found == null) {
                throw ErrorKind.NOT_FOUND.of("namespace \"" + name + "\"");
            }
            return found;
        }

        @Override
        public void create(Namespace namespace) {
            if (kept.putIfAbsent(namespace.name(), namespace) != null) {
                throw ErrorKind.ALREADY_EXISTS.of("namespace \"" + namespace.name() + "\"");
            }
        }

        @Override
        public Namespace update(Namespace namespace, List<String> paths) {
            get(namespace.name());
            lastPaths = paths;
            kept.put(namespace.name(), namespace);
            return namespace;
        }

        @Override
        public void delete(String name) {
            get(name);
            kept.remove(name);
        }

        @Override
        public Map<String, String> labels(String name) {
            Namespace found = kept.get(name);
            return found == null ? Map.of() : found.labels();
        }
    }
}
