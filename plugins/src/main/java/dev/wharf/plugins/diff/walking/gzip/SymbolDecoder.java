package dev.wharf.plugins.diff.walking.gzip;

import static dev.wharf.plugins.diff.walking.gzip.Alphabet.BITS_MASK;
import static dev.wharf.plugins.diff.walking.gzip.Alphabet.BITS_SHIFT;
import static dev.wharf.plugins.diff.walking.gzip.Alphabet.EXCEPTION;
import static dev.wharf.plugins.diff.walking.gzip.Alphabet.SUBTABLE;
import static dev.wharf.plugins.diff.walking.gzip.Alphabet.VALUE_SHIFT;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.ZipException;

/** Decodes the symbols of compressed blocks into a window. Source: RFC 1951, section 3.2.3. */
final class SymbolDecoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LITERAL_BITS = Alphabet.LITERALS.rootBits();
    private static final int LITERAL_MASK = (1 << Alphabet.LITERALS.rootBits()) - 1;
    private static final int DISTANCE_BITS = Alphabet.DISTANCES.rootBits();
    private static final int DISTANCE_MASK = (1 << Alphabet.DISTANCES.rootBits()) - 1;

    /** Input that one turn of the fast loop may load. */
    private static final int MARGIN = 2 * Long.BYTES;

    /** The most bits that a length and a distance take together, with the bits behind their codes. */
    private static final int MOST_BITS = 48;

    private final BitInput in;
    private final Window window;
    private final int[] literals;
    private final int[] distances;

    SymbolDecoder(BitInput in, Window window, BlockCodes codes) {
        this.in = in;
        this.window = window;
        this.literals = codes.literals();
        this.distances = codes.distances();
    }

    /**
     * Decodes until the block ends or the window is full.
     *
     * @return whether the block has ended
     */
    boolean decode() throws IOException {
        while (!window.isFull()) {
            boolean ended = in.await(MARGIN) ? fast() : careful();
            if (ended) {
                return true;
            }
        }
        return false;
    }

    /** Decodes while there is more input than any symbols of one turn need, so that nothing has to be asked. */
    private boolean fast() throws IOException {
        byte[] source = in.buffer;
        byte[] target = window.bytes;
        int[] literals = this.literals;
        int[] distances = this.distances;
        int last = in.limit - MARGIN;
        int at = in.at;
        int to = window.end;
        long bits = in.bits;
        int count = in.bitCount;
        boolean ended = false;
        while (at <= last && to < Window.LIMIT) {
            // At least 56 bits; what lies above them is loaded again, the same, by the next turn.
            bits |= (long) LONG.get(source, at) << count;
            at += 63 - count >>> 3;
            count |= 56;
            int found = literals[(int) bits & LITERAL_MASK];
            if (found < 0) {
                bits >>>= found;
                count -= found & 0xFF;
                target[to++] = (byte) (found >> VALUE_SHIFT);
                found = literals[(int) bits & LITERAL_MASK];
                if (found < 0) {
                    bits >>>= found;
                    count -= found & 0xFF;
                    target[to++] = (byte) (found >> VALUE_SHIFT);
                    found = literals[(int) bits & LITERAL_MASK];
                    if (found < 0) {
                        bits >>>= found;
                        count -= found & 0xFF;
                        target[to++] = (byte) (found >> VALUE_SHIFT);
                        continue;
                    }
                }
                bits |= (long) LONG.get(source, at) << count;
                at += 63 - count >>> 3;
                count |= 56;
            }
            if ((found & (SUBTABLE | EXCEPTION)) != 0) {
                if ((found & SUBTABLE) != 0) {
                    bits >>>= LITERAL_BITS;
                    count -= LITERAL_BITS;
                    found = literals[behind(found, bits)];
                    if (found < 0) {
                        bits >>>= found;
                        count -= found & 0xFF;
                        target[to++] = (byte) (found >> VALUE_SHIFT);
                        continue;
                    }
                }
                if ((found & EXCEPTION) != 0) {
                    bits >>>= found;
                    count -= found & 0xFF;
                    ended = isEnd(found);
                    break;
                }
            }
            int length = value(found, bits);
            bits >>>= found;
            count -= found & 0xFF;
            found = distances[(int) bits & DISTANCE_MASK];
            if ((found & (SUBTABLE | EXCEPTION)) != 0) {
                if ((found & SUBTABLE) != 0) {
                    bits >>>= DISTANCE_BITS;
                    count -= DISTANCE_BITS;
                    found = distances[behind(found, bits)];
                }
                if ((found & EXCEPTION) != 0) {
                    throw noCode();
                }
            }
            int distance = value(found, bits);
            bits >>>= found;
            count -= found & 0xFF;
            Window.checkReach(to, distance);
            int end = to + length;
            int from = to - distance;
            if (distance >= Long.BYTES) {
                do {
                    LONG.set(target, to, (long) LONG.get(target, from));
                    to += Long.BYTES;
                    from += Long.BYTES;
                } while (to < end);
            } else {
                do {
                    target[to++] = target[from++];
                } while (to < end);
            }
            to = end;
        }
        in.at = at;
        in.bits = bits;
        in.bitCount = count;
        in.giveBack();
        window.end = to;
        return ended;
    }

    /** Decodes one symbol near the end of the input. */
    private boolean careful() throws IOException {
        in.loadUpTo(MOST_BITS);
        int found = next(literals, LITERAL_MASK, LITERAL_BITS);
        boolean ended = false;
        if (found < 0) {
            take(found);
            window.put((byte) (found >> VALUE_SHIFT));
        } else if ((found & EXCEPTION) != 0) {
            take(found);
            ended = isEnd(found);
        } else {
            int length = take(found);
            found = next(distances, DISTANCE_MASK, DISTANCE_BITS);
            if ((found & EXCEPTION) != 0) {
                throw noCode();
            }
            window.repeat(take(found), length);
        }
        in.giveBack();
        return ended;
    }

    private int next(int[] table, int mask, int rootBits) throws IOException {
        int found = table[(int) in.bits & mask];
        if (found >= 0 && (found & SUBTABLE) != 0) {
            in.drop(rootBits);
            found = table[behind(found, in.bits)];
        }
        return found;
    }

    /** Takes a symbol's bits, and answers with the length or distance they say. */
    private int take(int found) throws IOException {
        int value = value(found, in.bits);
        in.drop(found & 0xFF);
        return value;
    }

    private static int behind(int found, long bits) {
        return (found >>> VALUE_SHIFT) + ((int) bits & (1 << (found >>> BITS_SHIFT & BITS_MASK)) - 1);
    }

    private static int value(int found, long bits) {
        long all = bits & (1L << found) - 1;
        return (found >>> VALUE_SHIFT) + (int) (all >>> (found >>> BITS_SHIFT & BITS_MASK));
    }

    private static boolean isEnd(int found) throws ZipException {
        if (found >>> VALUE_SHIFT != 0) {
            throw noCode();
        }
        return true;
    }

    private static ZipException noCode() {
        return new ZipException("gzip: invalid code");
    }
}
