package dev.wharf.plugins.diff.walking.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** Streams that were damaged: what the JDK's zlib takes comes out the same here, and what it refuses is refused. */
class InflateAgainstTheJdkTest {
    private static final int ROUNDS = Integer.getInteger("wharf.inflate.mutations", 60_000);
    private static final int MOST = 1 << 20;

    @Test
    void damagedStreamsAreTakenOrRefusedAlike() throws IOException {
        Random random = new Random(31);
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] stream = damaged(sample(random), random);
            Optional<byte[]> expected = byJdk(stream);
            assertThat(byUs(stream)).as("round %d", round).isEqualTo(expected.map(Bytes::new));
            taken += expected.isPresent() ? 1 : 0;
        }
        assertThat(taken).isBetween(ROUNDS / 100, ROUNDS - ROUNDS / 100);
    }

    private record Bytes(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && java.util.Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(bytes);
        }
    }

    private static byte[] sample(Random random) {
        Samples[] kinds = Samples.values();
        byte[] plain = kinds[random.nextInt(kinds.length)].bytes(1 + random.nextInt(2_000), random);
        int[] strategies = {Deflater.DEFAULT_STRATEGY, Deflater.HUFFMAN_ONLY};
        return Samples.deflated(plain, random.nextInt(10), strategies[random.nextInt(2)]);
    }

    private static byte[] damaged(byte[] stream, Random random) {
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            // Headers of blocks, where most can go wrong, are at the front.
            int bound = random.nextBoolean() ? stream.length : Math.min(stream.length, 80);
            stream[random.nextInt(bound)] ^= (byte) (1 << random.nextInt(8));
        }
        return stream;
    }

    private static Optional<byte[]> byJdk(byte[] stream) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(stream);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 14];
            while (!inflater.finished() && out.size() < MOST) {
                int count = inflater.inflate(buffer);
                if (count == 0 && !inflater.finished()) {
                    return Optional.empty();
                }
                out.write(buffer, 0, count);
            }
            return Optional.of(out.toByteArray());
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }

    private static Optional<Bytes> byUs(byte[] stream) {
        Inflate inflate = new Inflate(new BitInput(new ByteArrayInputStream(stream)));
        inflate.begin();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 14];
        try {
            for (int count = inflate.read(buffer, 0, buffer.length);
                    count >= 0 && out.size() < MOST;
                    count = inflate.read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, count);
            }
            return Optional.of(new Bytes(out.toByteArray()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
