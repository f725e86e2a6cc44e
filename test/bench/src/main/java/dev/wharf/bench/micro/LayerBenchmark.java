package dev.wharf.bench.micro;

import dev.wharf.bench.LayerWriter;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.plugins.content.local.LocalContentStore;
import dev.wharf.plugins.diff.walking.WalkingApplier;
import dev.wharf.plugins.events.LocalEventBus;
import dev.wharf.plugins.metadata.sqlite.SharingPolicy;
import dev.wharf.plugins.metadata.sqlite.SqliteContentStore;
import dev.wharf.plugins.metadata.sqlite.SqliteDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A layer of a real content store, applied to a directory: 16 MiB in one file, where digest and inflating are what takes
 * time, or 2,000 small files, where the file system is. Only for root, since layers have owners.
 */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LayerBenchmark {
    private static final Context CTX = Context.of("bench");
    private static final int FILES = 2_000;

    /** What is in the layer. */
    public enum Content {
        ONE_LARGE,
        MANY_SMALL
    }

    /** What is in the layer. */
    @Param
    public Content files;

    /** Whether it is compressed. */
    @Param({"true", "false"})
    public boolean gzip;

    private WorkDirectory directory;
    private SqliteDatabase database;
    private WalkingApplier applier;
    private Descriptor layer;
    private Path target;

    /** Puts the layer into a store. */
    @Setup
    public void open() throws IOException {
        directory = WorkDirectory.make();
        InstantSource clock = InstantSource.system();
        database = SqliteDatabase.open(directory.resolve("metadata.sqlite"));
        SqliteContentStore content = new SqliteContentStore(
                database,
                LocalContentStore.open(directory.resolve("content"), clock),
                SharingPolicy.SHARED,
                new LocalEventBus(clock),
                clock);
        layer = write(content, archive());
        applier = new WalkingApplier(content, TarBounds.DEFAULT, directory.resolve("mounts"));
    }

    private byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes;
        Random random = new Random(1);
        try (LayerWriter archive = new LayerWriter(out)) {
            switch (files) {
                case ONE_LARGE -> archive.file("large", 0644, halfRandom(random, 16 << 20));
                case MANY_SMALL -> small(archive, random);
            }
        }
        return bytes.toByteArray();
    }

    private static void small(LayerWriter archive, Random random) throws IOException {
        archive.directory("d");
        for (int i = 0; i < FILES; i++) {
            archive.file("d/" + i, 0644, halfRandom(random, 2_048));
        }
    }

    /** Bytes that compress about as programs do. */
    private static byte[] halfRandom(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 64 < 24 ? random.nextInt(256) : i % 7);
        }
        return bytes;
    }

    private static Descriptor write(SqliteContentStore content, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        try (ContentWriter writer = content.writer(CTX, "layer", bytes.length, digest)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit(bytes.length, digest, Map.of("containerd.io/gc.root", "1"));
        }
        return new Descriptor(MediaTypes.OCI_LAYER, digest, bytes.length);
    }

    /** An empty directory for each. */
    @Setup(Level.Invocation)
    public void target() throws IOException {
        target = Files.createDirectory(directory.resolve("target"));
    }

    /** Removes what was unpacked. */
    @TearDown(Level.Invocation)
    public void clear() throws IOException {
        WorkDirectory.remove(target);
    }

    /** Closes it. */
    @TearDown
    public void close() throws IOException {
        database.close();
        directory.close();
    }

    /** Read, digested, inflated and unpacked. */
    @Benchmark
    public Descriptor apply() {
        Mount mount = new Mount("bind", target.toString(), "", List.of("rbind", "rw"));
        return applier.apply(CTX, layer, List.of(mount), Applier.Options.DEFAULT);
    }
}
