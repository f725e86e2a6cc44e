package dev.wharf.bench.micro;

import dev.wharf.core.containers.Container;
import dev.wharf.core.context.Context;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.plugins.events.LocalEventBus;
import dev.wharf.plugins.metadata.sqlite.SqliteContainerStore;
import dev.wharf.plugins.metadata.sqlite.SqliteDatabase;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** The metadata store with 2,000 containers: changes that are durable when they return, and what is shown of them. */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MetadataBenchmark {
    private static final Context CTX = Context.of("bench");
    private static final int CONTAINERS = 2_000;

    private WorkDirectory directory;
    private SqliteDatabase database;
    private SqliteContainerStore containers;

    /** Fills the store. */
    @Setup
    public void open() throws IOException {
        directory = WorkDirectory.make();
        InstantSource clock = InstantSource.system();
        database = SqliteDatabase.open(directory.resolve("metadata.sqlite"));
        containers = new SqliteContainerStore(database, new LocalEventBus(clock), clock);
        for (int i = 0; i < CONTAINERS; i++) {
            containers.create(CTX, container("c" + i, Map.of()));
        }
    }

    /** Closes it. */
    @TearDown
    public void close() throws IOException {
        database.close();
        directory.close();
    }

    private static Container container(String id, Map<String, String> labels) {
        TypedValue spec = new TypedValue(TypedValue.SPEC, new byte[4_096]);
        Container.Runtime runtime = new Container.Runtime("io.containerd.runc.v2", null);
        return new Container(id, labels, "image", runtime, spec, "", "", "", Map.of(), Instant.EPOCH, Instant.EPOCH);
    }

    private Container change() {
        String now = Long.toString(System.nanoTime());
        return containers.update(CTX, container("c1", Map.of("now", now)), List.of("labels"));
    }

    /** One change, one fsync. */
    @Benchmark
    public Container commit() {
        return change();
    }

    /** Eight callers, who share fsyncs; the time of one change of each. */
    @Benchmark
    @Threads(8)
    public Container commitsOfEight() {
        return change();
    }

    /** One container. */
    @Benchmark
    public Container get() {
        return containers.get(CTX, "c1000");
    }

    /** All of them. */
    @Benchmark
    public List<Container> list() {
        return containers.list(CTX, List.of());
    }

    /** One of them, found by a filter over all. */
    @Benchmark
    public List<Container> listFiltered() {
        return containers.list(CTX, List.of("id==c1000"));
    }
}
