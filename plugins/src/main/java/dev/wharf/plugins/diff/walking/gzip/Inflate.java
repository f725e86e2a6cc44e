package dev.wharf.plugins.diff.walking.gzip;

import java.io.IOException;
import java.util.zip.ZipException;

/** Decompresses a DEFLATE stream, block by block. One thread reads. Source: RFC 1951, section 3.2.3. */
final class Inflate {
    private enum State {
        BETWEEN_BLOCKS,
        STORED,
        COMPRESSED,
        ENDED
    }

    private final BitInput in;
    private final Window window = new Window();
    private final BlockCodes codes = new BlockCodes();
    private final SymbolDecoder symbols;
    private State state = State.ENDED;
    private boolean last;
    private int stored;

    Inflate(BitInput in) {
        this.in = in;
        this.symbols = new SymbolDecoder(in, window, codes);
    }

    /** Begins a stream, which starts with the next byte. */
    void begin() {
        window.clear();
        last = false;
        state = State.BETWEEN_BLOCKS;
    }

    /** Reads at least one byte; negative at the end of the stream, when the input is at the byte behind it. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (window.isTaken()) {
            window.slide();
            while (!window.isFull() && state != State.ENDED) {
                step();
            }
        }
        return window.isTaken() ? -1 : window.take(target, offset, length);
    }

    private void step() throws IOException {
        switch (state) {
            case BETWEEN_BLOCKS -> state = header();
            case STORED -> copy();
            case COMPRESSED -> {
                if (symbols.decode()) {
                    state = State.BETWEEN_BLOCKS;
                }
            }
            case ENDED -> throw new IllegalStateException("the stream has ended");
        }
    }

    private State header() throws IOException {
        if (last) {
            return State.ENDED;
        }
        last = in.take(1) == 1;
        return switch (in.take(2)) {
            case 0 -> {
                stored = storedLength();
                yield State.STORED;
            }
            case 1 -> {
                codes.fixed();
                yield State.COMPRESSED;
            }
            case 2 -> {
                codes.read(in);
                yield State.COMPRESSED;
            }
            default -> throw new ZipException("gzip: invalid type of block");
        };
    }

    /** Source: RFC 1951, section 3.2.4. */
    private int storedLength() throws IOException {
        int length = in.nextByte() | in.nextByte() << 8;
        int complement = in.nextByte() | in.nextByte() << 8;
        if (length != (complement ^ 0xFFFF)) {
            throw new ZipException("gzip: invalid length of a stored block");
        }
        return length;
    }

    private void copy() throws IOException {
        while (stored > 0 && !window.isFull()) {
            if (!in.await(1)) {
                throw BitInput.truncated();
            }
            int count = window.put(in.buffer, in.at, Math.min(stored, in.limit - in.at));
            in.at += count;
            stored -= count;
        }
        if (stored == 0) {
            state = State.BETWEEN_BLOCKS;
        }
    }
}
