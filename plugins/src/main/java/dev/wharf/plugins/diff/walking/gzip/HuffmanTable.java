package dev.wharf.plugins.diff.walking.gzip;

import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Finds what a code means by its first bits, and for codes longer than those by the following ones in a second table behind
 * the first. Built anew for each block, in the same memory. Source: RFC 1951, section 3.2.2.
 */
final class HuffmanTable {
    /** Bits of the longest code. */
    static final int LONGEST = 15;

    /** By bits as they come, the first one lowest; {@link Alphabet} tells what is in it. */
    final int[] entries;

    private final Alphabet alphabet;
    private final int rootBits;
    private final int[] counts = new int[LONGEST + 1];
    private int[] ordered = new int[0];
    private int longest;

    /** Where the second table under construction begins, for which first bits, and where there is room for another. */
    private int subtable;

    private int subtableOf;
    private int subtableBits;
    private int free;

    HuffmanTable(Alphabet alphabet) {
        this.alphabet = alphabet;
        this.rootBits = alphabet.rootBits();
        this.entries = new int[alphabet.tableSize()];
    }

    /**
     * Builds the table of a code.
     *
     * @param lengths how many bits the code of each symbol has, from {@code from} on; none for one that does not occur
     */
    void build(byte[] lengths, int from, int symbols) throws ZipException {
        count(lengths, from, symbols);
        if (!isComplete()) {
            Arrays.fill(entries, 0, 1 << rootBits, Alphabet.INVALID);
        }
        order(lengths, from, symbols);
        free = 1 << rootBits;
        subtableOf = -1;
        int code = 0;
        int next = 0;
        for (int bits = 1; bits <= longest; bits++) {
            for (int left = counts[bits]; left > 0; left--) {
                enter(Integer.reverse(code) >>> Integer.SIZE - bits, bits, ordered[next], left);
                code++;
                next++;
            }
            code <<= 1;
        }
    }

    private void count(byte[] lengths, int from, int symbols) {
        Arrays.fill(counts, 0);
        longest = 0;
        for (int i = from; i < from + symbols; i++) {
            counts[lengths[i]]++;
            longest = Math.max(longest, lengths[i]);
        }
        counts[0] = 0;
    }

    /** Whether all bits mean something. If not, there may be one code of one bit, or none. */
    private boolean isComplete() throws ZipException {
        int unused = 1;
        for (int bits = 1; bits <= LONGEST; bits++) {
            unused = (unused << 1) - counts[bits];
            if (unused < 0) {
                throw new ZipException("gzip: more codes than there is room for");
            }
        }
        if (unused > 0 && longest > 1) {
            throw new ZipException("gzip: incomplete code");
        }
        return unused == 0;
    }

    /** The symbols that occur, shorter codes first. */
    private void order(byte[] lengths, int from, int symbols) {
        int[] places = new int[LONGEST + 2];
        for (int bits = 1; bits <= LONGEST; bits++) {
            places[bits + 1] = places[bits] + counts[bits];
        }
        if (ordered.length < symbols) {
            ordered = new int[symbols];
        }
        for (int symbol = 0; symbol < symbols; symbol++) {
            int bits = lengths[from + symbol];
            if (bits > 0) {
                ordered[places[bits]++] = symbol;
            }
        }
    }

    /** Enters a code wherever the bits begin with it. */
    private void enter(int code, int bits, int symbol, int left) {
        int meaning = alphabet.meaning(symbol, bits);
        if (bits <= rootBits) {
            fill(0, 1 << rootBits, code, 1 << bits, meaning);
            return;
        }
        int first = code & (1 << rootBits) - 1;
        if (first != subtableOf) {
            begin(first, bits, left);
        }
        int behind = meaning == Alphabet.INVALID ? meaning : Alphabet.behind(rootBits, meaning);
        fill(subtable, 1 << subtableBits, code >>> rootBits, 1 << bits - rootBits, behind);
    }

    private void fill(int start, int size, int from, int step, int meaning) {
        for (int i = from; i < size; i += step) {
            entries[start + i] = meaning;
        }
    }

    /** Begins a second table, as large as the codes that begin alike, of which this is the shortest, need. */
    private void begin(int first, int bits, int left) {
        subtableBits = bits - rootBits;
        int codes = left;
        while (codes < 1 << subtableBits && rootBits + subtableBits < longest) {
            subtableBits++;
            codes = (codes << 1) + counts[rootBits + subtableBits];
        }
        subtable = free;
        subtableOf = first;
        free += 1 << subtableBits;
        entries[first] =
                Alphabet.SUBTABLE | subtable << Alphabet.VALUE_SHIFT | subtableBits << Alphabet.BITS_SHIFT | rootBits;
    }
}
