package dev.wharf.bench.micro;

import com.google.protobuf.Empty;
import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.api.services.version.v1.VersionResponse;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import dev.wharf.lib.ttrpc.TtrpcServer;
import dev.wharf.services.version.VersionService;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
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

/** A small call over ttRPC, client and server in one process: by one thread, and by eight on one connection. */
@NullUnmarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TtrpcBenchmark {
    private WorkDirectory directory;
    private TtrpcServer server;
    private TtrpcChannel channel;
    private VersionGrpc.VersionBlockingStub version;

    /** Starts the server and connects. */
    @Setup
    public void start() throws IOException {
        directory = WorkDirectory.make();
        Path socket = directory.resolve("socket");
        server = TtrpcServer.builder().add(new VersionService("1", "2")).build();
        server.listen(socket, PosixFilePermissions.fromString("rw-------"));
        channel = TtrpcChannel.connect(socket, Duration.ofSeconds(20));
        version = VersionGrpc.newBlockingStub(channel);
    }

    /** Ends both. */
    @TearDown
    public void stop() throws IOException {
        channel.close();
        server.close();
        directory.close();
    }

    /** One caller. */
    @Benchmark
    public VersionResponse call() {
        return version.version(Empty.getDefaultInstance());
    }

    /** Eight callers; the time of one call of each. */
    @Benchmark
    @Threads(8)
    public VersionResponse callsOfEight() {
        return version.version(Empty.getDefaultInstance());
    }
}
