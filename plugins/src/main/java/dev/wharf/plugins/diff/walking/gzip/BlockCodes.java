package dev.wharf.plugins.diff.walking.gzip;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.ZipException;

/** The two codes of a block: the fixed ones, or those that its header describes. Source: RFC 1951, sections 3.2.6, 3.2.7. */
final class BlockCodes {
    /** In which order the header has the lengths of the codes for lengths. */
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private static final int LENGTH_BITS = 7;
    private static final int MAX_LITERALS = 286;
    private static final int MAX_DISTANCES = 30;
    private static final int END_OF_BLOCK = 256;
    private static final int REPEAT = 16;
    private static final int FEW_ZEROS = 17;

    private final HuffmanTable literals = new HuffmanTable(Alphabet.LITERALS);
    private final HuffmanTable distances = new HuffmanTable(Alphabet.DISTANCES);
    private final byte[] lengths = new byte[320];

    /** By the next seven bits: the symbol above four bits with the length of its code; zero for no code. */
    private final int[] lengthCodes = new int[1 << LENGTH_BITS];

    int[] literals() {
        return literals.entries;
    }

    int[] distances() {
        return distances.entries;
    }

    /** Takes the fixed codes. */
    void fixed() throws ZipException {
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, 288, (byte) 8);
        literals.build(lengths, 0, 288);
        Arrays.fill(lengths, 0, 32, (byte) 5);
        distances.build(lengths, 0, 32);
    }

    /** Reads the codes of a block. */
    void read(BitInput in) throws IOException {
        int literalCount = in.take(5) + 257;
        int distanceCount = in.take(5) + 1;
        if (literalCount > MAX_LITERALS || distanceCount > MAX_DISTANCES) {
            throw new ZipException("gzip: too many codes");
        }
        readLengthCodes(in);
        readLengths(in, literalCount + distanceCount);
        if (lengths[END_OF_BLOCK] == 0) {
            throw new ZipException("gzip: block without an end");
        }
        literals.build(lengths, 0, literalCount);
        distances.build(lengths, literalCount, distanceCount);
    }

    private void readLengthCodes(BitInput in) throws IOException {
        int[] codeLengths = new int[ORDER.length];
        int count = in.take(4) + 4;
        for (int i = 0; i < count; i++) {
            codeLengths[ORDER[i]] = in.take(3);
        }
        Arrays.fill(lengthCodes, 0);
        int code = 0;
        int unused = 1;
        for (int bits = 1; bits <= LENGTH_BITS; bits++) {
            code <<= 1;
            unused <<= 1;
            for (int symbol = 0; symbol < ORDER.length; symbol++) {
                if (codeLengths[symbol] == bits && --unused >= 0) {
                    enter(Integer.reverse(code++) >>> Integer.SIZE - bits, bits, symbol);
                }
            }
        }
        if (unused != 0) {
            throw new ZipException("gzip: invalid code of lengths");
        }
    }

    private void enter(int code, int bits, int symbol) {
        for (int i = code; i < lengthCodes.length; i += 1 << bits) {
            lengthCodes[i] = symbol << 4 | bits;
        }
    }

    private void readLengths(BitInput in, int count) throws IOException {
        int at = 0;
        while (at < count) {
            int found = lengthCodes[in.peek(LENGTH_BITS)];
            in.skip(found & 0xF);
            int symbol = found >>> 4;
            if (symbol < REPEAT) {
                lengths[at++] = (byte) symbol;
            } else {
                at = repeat(in, symbol, at, count);
            }
        }
    }

    private int repeat(BitInput in, int symbol, int at, int count) throws IOException {
        if (symbol == REPEAT && at == 0) {
            throw new ZipException("gzip: nothing to repeat");
        }
        byte value = symbol == REPEAT ? lengths[at - 1] : 0;
        int times = symbol == REPEAT ? 3 + in.take(2) : symbol == FEW_ZEROS ? 3 + in.take(3) : 11 + in.take(7);
        if (at + times > count) {
            throw new ZipException("gzip: more lengths of codes than there are codes");
        }
        Arrays.fill(lengths, at, at + times, value);
        return at + times;
    }
}
