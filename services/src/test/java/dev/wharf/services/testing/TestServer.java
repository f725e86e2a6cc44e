package dev.wharf.services.testing;

import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.plugin.PluginStatus;
import dev.wharf.core.snapshots.Snapshotter;
import dev.wharf.services.Services;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/** All services over fakes, on an in-process server whose handlers run on virtual threads. */
public final class TestServer implements AutoCloseable {
    public static final String NAMESPACE = "test";
    public static final Context CTX = Context.of(NAMESPACE);

    public final FakeContentStore content = new FakeContentStore();
    public final FakeStores.Images images = new FakeStores.Images();
    public final FakeStores.Containers containers = new FakeStores.Containers();
    public final FakeStores.Sandboxes sandboxes = new FakeStores.Sandboxes();
    public final FakeStores.Leases leases = new FakeStores.Leases();
    public final FakeStores.Namespaces namespaces = new FakeStores.Namespaces();
    public final FakeSnapshotter snapshotter = new FakeSnapshotter();
    public final FakeRuntime runtime = new FakeRuntime();
    public final FakeEventBus events = new FakeEventBus();
    public final AtomicInteger collections = new AtomicInteger();
    public final List<PluginStatus> plugins = new CopyOnWriteArrayList<>();
    public final List<String> applied = new CopyOnWriteArrayList<>();
    public final Path directory;
    public final Services services;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ManagedChannel channel;

    public TestServer() throws IOException {
        directory = Files.createTempDirectory("wharf-services");
        services = services();
        String name = UUID.randomUUID().toString();
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).executor(threads);
        services.all().forEach(builder::addService);
        services.forShims().forEach(builder::addService);
        server = builder.intercept(services.interceptor()).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    private Services services() {
        return new Services(
                "1.2.3",
                "abc",
                () -> List.copyOf(plugins),
                directory.resolve("identity"),
                namespaces,
                content,
                images,
                containers,
                Map.<String, Snapshotter>of("overlayfs", snapshotter),
                leases,
                new CountingCollector(),
                appliers(),
                runtime,
                events,
                sandboxes,
                InstantSource.system());
    }

    private List<Applier> appliers() {
        Applier picky = (ctx, diff, mounts, options) -> {
            if (diff.mediaType().contains("erofs")) {
                return new Descriptor("erofs", diff.digest(), diff.size());
            }
            throw ErrorKind.NOT_IMPLEMENTED.of("media type " + diff.mediaType());
        };
        Applier walking = (ctx, diff, mounts, options) -> {
            applied.add(diff.mediaType() + " " + diff.digest() + " " + mounts + " " + options);
            if (diff.mediaType().contains("tar")) {
                return new Descriptor("tar", Digest.sha256(new byte[] {1}), 10);
            }
            throw ErrorKind.NOT_IMPLEMENTED.of("walking: media type " + diff.mediaType());
        };
        return new ArrayList<>(List.of(picky, walking));
    }

    private final class CountingCollector implements GarbageCollector {
        @Override
        public Result collect() {
            return new Result(collections.incrementAndGet(), Duration.ZERO);
        }

        @Override
        public void schedule() {}
    }

    /** A stub in {@link #NAMESPACE}. */
    public <S extends AbstractStub<S>> S stub(Function<ManagedChannel, S> maker) {
        return with(maker.apply(channel), "containerd-namespace", NAMESPACE);
    }

    /** A stub that sends no headers. */
    public <S extends AbstractStub<S>> S bare(Function<ManagedChannel, S> maker) {
        return maker.apply(channel);
    }

    /** The stub with one more header. */
    public static <S extends AbstractStub<S>> S with(S stub, String key, String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    public ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            channel.awaitTermination(20, TimeUnit.SECONDS);
            server.awaitTermination(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
