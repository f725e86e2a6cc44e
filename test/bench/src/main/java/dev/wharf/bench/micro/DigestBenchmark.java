package dev.wharf.bench.micro;

import dev.wharf.core.oci.Digest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Digests of one mebibyte: the reciprocal of the time in microseconds is terabytes a second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DigestBenchmark {
    private final byte[] mebibyte = new byte[1 << 20];

    /** Fills it. */
    public DigestBenchmark() {
        new Random(1).nextBytes(mebibyte);
    }

    /** What nearly every blob has. */
    @Benchmark
    public Digest sha256() {
        return Digest.sha256(mebibyte);
    }

    /** The other one that occurs. */
    @Benchmark
    public byte[] sha512() {
        return Digest.newMessageDigest("sha512").digest(mebibyte);
    }
}
