package dev.wharf.plugins.diff.walking.gzip;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Data of several kinds, and ways to compress it. */
enum Samples {
    NOTHING {
        @Override
        void fill(byte[] bytes, Random random) {}
    },
    ONE_BYTE_OVER_AND_OVER {
        @Override
        void fill(byte[] bytes, Random random) {}
    },
    NOISE {
        @Override
        void fill(byte[] bytes, Random random) {
            random.nextBytes(bytes);
        }
    },
    SIXTEEN_LETTERS {
        @Override
        void fill(byte[] bytes, Random random) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ('a' + random.nextInt(16));
            }
        }
    },
    /** Each byte half as often as the one before, so that codes become as long as they may be. */
    RARER_AND_RARER {
        @Override
        void fill(byte[] bytes, Random random) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (Integer.numberOfTrailingZeros(random.nextInt() | 1 << 24) * 7);
            }
        }
    },
    /** Repetitions of all lengths from all distances. */
    REPETITIONS {
        @Override
        void fill(byte[] bytes, Random random) {
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(1 + random.nextInt(300), bytes.length - at);
                int distance = 1 + random.nextInt(1 << 1 + random.nextInt(15));
                for (int i = 0; i < length; i++, at++) {
                    bytes[at] = at < distance || length % 5 == 0 ? (byte) random.nextInt() : bytes[at - distance];
                }
            }
        }
    },
    MIXED {
        @Override
        void fill(byte[] bytes, Random random) {
            Samples[] kinds = {NOISE, SIXTEEN_LETTERS, RARER_AND_RARER, REPETITIONS, ONE_BYTE_OVER_AND_OVER};
            for (int at = 0; at < bytes.length; ) {
                byte[] part = new byte[Math.min(1 + random.nextInt(60_000), bytes.length - at)];
                kinds[random.nextInt(kinds.length)].fill(part, random);
                System.arraycopy(part, 0, bytes, at, part.length);
                at += part.length;
            }
        }
    };

    abstract void fill(byte[] bytes, Random random);

    byte[] bytes(int size, Random random) {
        byte[] bytes = new byte[this == NOTHING ? 0 : size];
        fill(bytes, random);
        return bytes;
    }

    /** A DEFLATE stream. */
    static byte[] deflated(byte[] plain, int level, int strategy) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setStrategy(strategy);
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /** A gzip member around a DEFLATE stream of some data. */
    static byte[] member(byte[] deflated, byte[] plain) {
        CRC32 checksum = new CRC32();
        checksum.update(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3});
        out.writeBytes(deflated);
        littleEndian(out, (int) checksum.getValue());
        littleEndian(out, plain.length);
        return out.toByteArray();
    }

    private static void littleEndian(ByteArrayOutputStream out, int number) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(number >>> shift);
        }
    }
}
