package dev.wharf.plugins.diff.walking.gzip;

/**
 * The two alphabets of compressed data, and what a table says of a symbol, in an int: how many bits to take (0 to 5), how
 * many of them are the code (8 to 11), the value or the least value (16 to 30), and what it is (14, 15, 31). A length or
 * distance is the least value and the number in the bits behind the code. Source: RFC 1951, section 3.2.5.
 */
enum Alphabet {
    /** Bytes, the end of the block, and lengths of repetitions. */
    LITERALS(11, 288) {
        @Override
        int meaning(int symbol, int codeBits) {
            if (symbol < END_OF_BLOCK) {
                return LITERAL | symbol << VALUE_SHIFT | plain(codeBits);
            }
            if (symbol == END_OF_BLOCK) {
                return EXCEPTION | plain(codeBits);
            }
            return symbol > 285 ? INVALID : length(symbol - END_OF_BLOCK - 1, codeBits);
        }
    },

    /** How far back a repetition begins. */
    DISTANCES(9, 32) {
        @Override
        int meaning(int symbol, int codeBits) {
            if (symbol > 29) {
                return INVALID;
            }
            int extra = Math.max(0, (symbol >> 1) - 1);
            int least = symbol < 4 ? symbol + 1 : (2 + (symbol & 1) << extra) + 1;
            return least << VALUE_SHIFT | plain(codeBits) + extra;
        }
    };

    /** A byte; the sign of the int, so that it is told at once. */
    static final int LITERAL = 1 << 31;

    /** Value is where the table for longer codes begins, the code's bits those by which it is indexed. */
    static final int SUBTABLE = 1 << 15;

    /** The end of the block if the value is zero, or no code at all. */
    static final int EXCEPTION = 1 << 14;

    static final int VALUE_SHIFT = 16;
    static final int BITS_SHIFT = 8;
    static final int BITS_MASK = 0xF;

    /** No code; takes one bit, as decoding ends there anyway. */
    static final int INVALID = EXCEPTION | 1 << VALUE_SHIFT | 1 << BITS_SHIFT | 1;

    private static final int END_OF_BLOCK = 256;

    private final int rootBits;
    private final int symbols;

    Alphabet(int rootBits, int symbols) {
        this.rootBits = rootBits;
        this.symbols = symbols;
    }

    /** By how many bits the table is indexed first. */
    int rootBits() {
        return rootBits;
    }

    /** Ints that suffice for any table: the first, and one for the longest codes for every two symbols. */
    int tableSize() {
        return (1 << rootBits) + (symbols / 2 << HuffmanTable.LONGEST - rootBits);
    }

    /** What the table says of a symbol whose code has so many bits. */
    abstract int meaning(int symbol, int codeBits);

    private static int plain(int codeBits) {
        return codeBits << BITS_SHIFT | codeBits;
    }

    private static int length(int index, int codeBits) {
        if (index == 28) {
            return 258 << VALUE_SHIFT | plain(codeBits);
        }
        int extra = Math.max(0, (index >> 2) - 1);
        int least = index < 8 ? index + 3 : (4 + (index & 3) << extra) + 3;
        return least << VALUE_SHIFT | plain(codeBits) + extra;
    }

    /** The same for a table that is indexed by what follows the first bits. */
    static int behind(int rootBits, int meaning) {
        return meaning - plain(rootBits);
    }
}
