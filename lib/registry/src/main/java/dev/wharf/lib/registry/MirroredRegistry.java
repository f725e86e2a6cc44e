package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A registry with its mirrors: each request goes from host to host until one answers it, and what comes back says which
 * one did. Safe for several threads.
 *
 * <p>All calls block, within the deadlines of {@link RegistryOptions}, and throw {@link RegistryException}; its message
 * lists what each host answered. All hosts but the last are tried once, so that a broken mirror costs little, and one that
 * could not be reached is asked after the others for a while.
 */
public final class MirroredRegistry implements AutoCloseable {
    private static final Duration DOWN = Duration.ofSeconds(30);
    private static final int MAX_EXTERNAL = 16;
    private static final int MAX_DISTRUSTED = 1024;

    private final String name;
    private final List<RegistryHost> hosts;
    private final Credentials.Provider credentials;
    private final RegistryOptions options;

    /** Guards all below. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<RegistryHost, Registry> clients = new HashMap<>();
    private final Map<String, Registry> externals = new HashMap<>();
    private final Map<URI, Instant> downUntil = new HashMap<>();
    private boolean closed;

    /** By digest, the hosts that served other bytes. */
    private final Map<String, Set<URI>> distrusted = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<URI>> eldest) {
            return size() > MAX_DISTRUSTED;
        }
    };

    /**
     * A client of a registry.
     *
     * @param name the registry as in image names
     * @param hosts in the order they are asked, see {@link HostsSource}
     */
    public MirroredRegistry(
            String name, List<RegistryHost> hosts, Credentials.Provider credentials, RegistryOptions options) {
        this.name = name;
        this.hosts = List.copyOf(hosts);
        this.credentials = credentials;
        this.options = options;
    }

    /** The registry as in image names. */
    public String name() {
        return name;
    }

    /** Where it is, in the order asked. */
    public List<RegistryHost> hosts() {
        return hosts;
    }

    /**
     * What a tag or digest names. A tag is asked of hosts that may resolve, a digest of those that may pull.
     *
     * @param repository path of the repository
     * @param reference tag or digest
     */
    public Served<RemoteDescriptor> resolve(String repository, String reference) {
        return first(
                capability(reference),
                "resolve " + describe(repository, reference),
                registry -> registry.resolve(repository, reference));
    }

    /** The manifest or index a tag or digest names, its digest verified. */
    public Served<RemoteManifest> manifest(String repository, String reference) {
        return first(
                capability(reference),
                "get " + describe(repository, reference),
                registry -> registry.manifest(repository, reference));
    }

    /** What refers to a manifest; {@code artifactType} empty for all. */
    public Served<List<Referrer>> referrers(String repository, String digest, String artifactType) {
        return first(
                Capability.REFERRERS,
                "list referrers of " + describe(repository, digest),
                registry -> registry.referrers(repository, digest, artifactType));
    }

    /** The host that takes what is pushed: the first that may. */
    public Registry pushTarget() {
        List<RegistryHost> able = able(Capability.PUSH);
        if (able.isEmpty()) {
            throw HostFailure.all("push to " + name, List.of());
        }
        return client(able.getFirst(), true);
    }

    /** Opens a blob, unverified, from an offset on; large ones in parallel ranges if the options say so. */
    public BlobStream blob(BlobRequest request, long offset) {
        BlobPlaces places = new BlobPlaces(request, places(request), options);
        return new BlobStream(ParallelBody.of(places, offset), places);
    }

    /** Opens a whole blob that is verified while it is read; a host with wrong bytes is not asked for it again. */
    public VerifyingStream verified(BlobRequest request) {
        return new VerifyingStream(blob(request, 0), blob -> distrust(request.digest(), blob.servedBy()));
    }

    /** Never asks these hosts for a blob again: what came from them had another digest. */
    public void distrust(String digest, Collection<URI> servedBy) {
        lock.lock();
        try {
            distrusted.computeIfAbsent(digest, key -> new HashSet<>()).addAll(servedBy);
        } finally {
            lock.unlock();
        }
    }

    private static Capability capability(String reference) {
        return RemoteDigest.isDigest(reference) ? Capability.PULL : Capability.RESOLVE;
    }

    private String describe(String repository, String reference) {
        return name + "/" + repository + (RemoteDigest.isDigest(reference) ? "@" : ":") + reference;
    }

    private <T> Served<T> first(Capability capability, String what, Function<Registry, T> call) {
        List<HostFailure> failures = new ArrayList<>();
        List<RegistryHost> able = able(capability);
        for (int i = 0; i < able.size(); i++) {
            RegistryHost host = able.get(i);
            try {
                T value = call.apply(client(host, i == able.size() - 1));
                return new Served<>(value, host.base(), failures);
            } catch (RegistryException e) {
                if (e.kind() == Kind.INTERRUPTED) {
                    throw e;
                }
                noteDown(host, e);
                failures.add(new HostFailure(host.base(), e));
            }
        }
        throw HostFailure.all(what, failures);
    }

    /** The hosts that may be asked for that, each once, those that could not be reached lately behind the others. */
    private List<RegistryHost> able(Capability capability) {
        Map<URI, RegistryHost> able = new LinkedHashMap<>();
        hosts.stream().filter(host -> host.can(capability)).forEach(host -> able.putIfAbsent(host.base(), host));
        Instant now = options.clock().instant();
        List<RegistryHost> up = new ArrayList<>();
        List<RegistryHost> down = new ArrayList<>();
        lock.lock();
        try {
            for (RegistryHost host : able.values()) {
                Instant until = downUntil.get(host.base());
                (until == null || now.isAfter(until) ? up : down).add(host);
            }
        } finally {
            lock.unlock();
        }
        up.addAll(down);
        return up;
    }

    private void noteDown(RegistryHost host, RegistryException e) {
        if (e.status() != 0 || (e.kind() != Kind.UNAVAILABLE && e.kind() != Kind.TIMEOUT)) {
            return;
        }
        lock.lock();
        try {
            downUntil.put(host.base(), options.clock().instant().plus(DOWN));
        } finally {
            lock.unlock();
        }
    }

    private List<BlobPlaces.Place> places(BlobRequest request) {
        Set<URI> bad = new LinkedHashSet<>();
        lock.lock();
        try {
            bad.addAll(distrusted.getOrDefault(request.digest(), Set.of()));
        } finally {
            lock.unlock();
        }
        List<BlobPlaces.Place> places = new ArrayList<>();
        request.urls().stream()
                .filter(url -> !bad.contains(url))
                .map(ExternalPlace::new)
                .forEach(places::add);
        List<RegistryHost> able = able(Capability.PULL);
        for (RegistryHost host : able) {
            if (!bad.contains(host.base())) {
                places.add(new HostPlace(host, host.equals(able.getLast()), request));
            }
        }
        if (places.isEmpty() && !bad.isEmpty()) {
            throw new RegistryException(
                    Kind.MISMATCH,
                    "blob " + request.digest() + " of " + name + "/" + request.repository()
                            + ": all hosts serve other bytes: " + bad + "; have the registry repaired");
        }
        return places;
    }

    /** A blob at one of the hosts. */
    private final class HostPlace implements BlobPlaces.Place {
        private final RegistryHost host;
        private final boolean last;
        private final BlobRequest request;

        HostPlace(RegistryHost host, boolean last, BlobRequest request) {
            this.host = host;
            this.last = last;
            this.request = request;
        }

        @Override
        public URI url() {
            return host.base();
        }

        @Override
        public BlobEndpoint.Opened open(BlobRange range) {
            try {
                return client(host, last).open(request.repository(), request.digest(), range);
            } catch (RegistryException e) {
                noteDown(host, e);
                throw e;
            }
        }
    }

    /** A blob at an address its descriptor names; nobody's credentials go there. */
    private final class ExternalPlace implements BlobPlaces.Place {
        private final URI url;

        ExternalPlace(URI url) {
            this.url = url;
        }

        @Override
        public URI url() {
            return url;
        }

        @Override
        public BlobEndpoint.Opened open(BlobRange range) {
            return external(url).openAt(url, range);
        }
    }

    private Registry client(RegistryHost host, boolean last) {
        lock.lock();
        try {
            Registry made = clients.get(host);
            if (made != null) {
                return made;
            }
        } finally {
            lock.unlock();
        }
        Registry fresh = new Registry(host, credentials, last ? options : once());
        return kept(clients, host, fresh);
    }

    private Registry external(URI url) {
        String origin = url.getScheme() + "://" + url.getRawAuthority() + "/";
        lock.lock();
        try {
            Registry made = externals.get(origin);
            if (made != null) {
                return made;
            }
            if (externals.size() >= MAX_EXTERNAL) {
                throw new RegistryException(Kind.TOO_LARGE, "layers at more than " + MAX_EXTERNAL + " other hosts");
            }
        } finally {
            lock.unlock();
        }
        RegistryHost host = new RegistryHost(url.getRawAuthority(), URI.create(origin), Map.of());
        return kept(externals, origin, new Registry(host, Credentials.Provider.NONE, once()));
    }

    private RegistryOptions once() {
        return options.withRetries(
                new RegistryOptions.Retries(1, options.retries().longestRetryAfter()));
    }

    /** The client another thread made meanwhile, else this one. */
    private <K> Registry kept(Map<K, Registry> all, K key, Registry fresh) {
        Registry kept;
        lock.lock();
        try {
            kept = closed ? null : all.computeIfAbsent(key, absent -> fresh);
        } finally {
            lock.unlock();
        }
        if (kept != fresh) {
            fresh.close();
        }
        if (kept == null) {
            throw new RegistryException(Kind.INTERRUPTED, "the client of " + name + " is closed");
        }
        return kept;
    }

    /** Breaks off what is under way and closes the connections. */
    @Override
    public void close() {
        List<Registry> all = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            all.addAll(clients.values());
            all.addAll(externals.values());
            clients.clear();
            externals.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(Registry::close);
    }
}
