package dev.wharf.lib.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Where the segments of a sparse file lie. Source: GNU tar manual, "Storing Sparse Files". */
final class SparseMap {
    /** The old GNU format: pairs of 12-byte numbers in the header, then in blocks that follow it. */
    private static final int IN_HEADER_AT = 386;

    private static final int IN_HEADER = 4;
    private static final int IN_EXTENSION = 21;
    private static final int PAIR = 24;
    private static final int HEADER_CONTINUES = 482;
    private static final int EXTENSION_CONTINUES = 504;

    private final String entry;
    private final int maxSegments;
    private final List<Segment> segments = new ArrayList<>();

    SparseMap(String entry, TarBounds bounds) {
        this.entry = entry;
        this.maxSegments = Math.max(1, bounds.headerBytes() / PAIR);
    }

    /** Gives blocks of the archive. */
    interface Blocks {
        byte[] next() throws IOException;
    }

    /** Reads the old GNU format. */
    void readOld(byte[] header, Blocks blocks) throws IOException {
        pairs(header, IN_HEADER_AT, IN_HEADER);
        boolean more = header[HEADER_CONTINUES] != 0;
        while (more) {
            byte[] block = blocks.next();
            pairs(block, 0, IN_EXTENSION);
            more = block[EXTENSION_CONTINUES] != 0;
        }
    }

    private void pairs(byte[] block, int start, int count) {
        for (int i = 0; i < count; i++) {
            int at = start + i * PAIR;
            if (block[at] == 0) {
                return;
            }
            add(TarBlock.number(block, at, PAIR / 2, entry), TarBlock.number(block, at + PAIR / 2, PAIR / 2, entry));
        }
    }

    /** Takes the numbers of formats 0.0 and 0.1. */
    void addAll(List<Long> numbers) {
        if (numbers.size() % 2 != 0) {
            throw malformed();
        }
        for (int i = 0; i < numbers.size(); i += 2) {
            add(numbers.get(i), numbers.get(i + 1));
        }
    }

    /** Reads format 1.0: lines of decimal numbers at the start of the content; answers the bytes it took. */
    long readLines(Blocks blocks) throws IOException {
        Lines lines = new Lines(blocks);
        long count = lines.number();
        if (count > maxSegments) {
            throw TarFailures.tooMuch(entry, "number of parts of a sparse file", count, maxSegments);
        }
        for (long i = 0; i < count; i++) {
            add(lines.number(), lines.number());
        }
        return lines.taken;
    }

    private final class Lines {
        private static final int MAX_DIGITS = 18;

        private final Blocks blocks;
        private byte[] block = {};
        private int at;
        private long taken;

        Lines(Blocks blocks) {
            this.blocks = blocks;
        }

        long number() throws IOException {
            long value = 0;
            for (int digits = 0; ; digits++) {
                int c = next();
                if (c == '\n' && digits > 0) {
                    return value;
                }
                if (c < '0' || c > '9' || digits >= MAX_DIGITS) {
                    throw malformed();
                }
                value = value * 10 + (c - '0');
            }
        }

        private int next() throws IOException {
            if (at == block.length) {
                block = blocks.next();
                taken += block.length;
                at = 0;
            }
            return block[at++];
        }
    }

    private void add(long offset, long length) {
        if (segments.size() >= maxSegments) {
            throw TarFailures.tooMuch(entry, "number of parts of a sparse file", segments.size() + 1L, maxSegments);
        }
        segments.add(new Segment(offset, length));
    }

    /** The segments, checked against each other, the size of the file and the bytes the archive has for it. */
    List<Segment> checked(long fileSize, long stored) {
        long end = 0;
        long sum = 0;
        for (Segment segment : segments) {
            if (segment.offset() < end || segment.length() < 0 || segment.length() > fileSize - segment.offset()) {
                throw malformed();
            }
            end = segment.offset() + segment.length();
            sum += segment.length();
        }
        if (sum != stored) {
            throw malformed();
        }
        return segments;
    }

    private RuntimeException malformed() {
        return TarFailures.malformed(entry, "malformed map of a sparse file");
    }
}
