package dev.wharf.testkit.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Makes damaged copies of sound input: bits turned, spans taken out, doubled, overwritten or moved elsewhere, and pieces
 * put in that readers are known to trip over.
 *
 * @param random where all chance comes from
 * @param pieces what is put in, for instance large numbers in the notation of the format
 */
public record Mutations(RandomGenerator random, List<byte[]> pieces) {
    private static final int MOST_CHANGES = 4;
    private static final int LONGEST_SPAN = 64;

    public Mutations {
        pieces = List.copyOf(pieces);
        if (pieces.isEmpty()) {
            throw new IllegalArgumentException("no pieces to put in");
        }
    }

    /** How many damaged copies a test makes: {@code otherwise}, or what {@code -Dwharf.mutations} says. */
    public static int count(int otherwise) {
        return Integer.getInteger("wharf.mutations", otherwise);
    }

    /** A damaged copy. */
    public byte[] of(byte[] sound) {
        byte[] bytes = sound;
        for (int left = random.nextInt(1, MOST_CHANGES + 1); left > 0; left--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(1, LONGEST_SPAN));
        byte[] span = Arrays.copyOfRange(bytes, at, end);
        return switch (random.nextInt(8)) {
            case 0, 1 -> turned(bytes, at);
            case 2 -> joined(bytes, at, new byte[0], end);
            case 3 -> joined(bytes, end, span, end);
            case 4 -> joined(bytes, at, noise(end - at), end);
            case 5 -> joined(bytes, at, pieces.get(random.nextInt(pieces.size())), end);
            case 6 -> joined(bytes, at, pieces.get(random.nextInt(pieces.size())), at);
            default -> Arrays.copyOf(bytes, at);
        };
    }

    private byte[] turned(byte[] bytes, int at) {
        byte[] turned = bytes.clone();
        if (at < turned.length) {
            turned[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return turned;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.writeBytes(middle);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }
}
