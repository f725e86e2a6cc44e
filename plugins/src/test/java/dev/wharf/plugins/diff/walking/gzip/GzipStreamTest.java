package dev.wharf.plugins.diff.walking.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GzipStreamTest {
    private static final int[] STRATEGIES = {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY};

    @ParameterizedTest
    @EnumSource(Samples.class)
    void whatWasCompressedComesOutAgain(Samples sample) throws IOException {
        Random random = new Random(20);
        for (int size : new int[] {1, 15, 300, 70_000, 700_000}) {
            byte[] plain = sample.bytes(size, random);
            for (int level : new int[] {0, 1, 4, 6, 9}) {
                for (int strategy : STRATEGIES) {
                    byte[] member = Samples.member(Samples.deflated(plain, level, strategy), plain);
                    assertThat(read(member))
                            .as("%d bytes, level %d, strategy %d", size, level, strategy)
                            .isEqualTo(plain);
                }
            }
        }
    }

    @Test
    void inputMayComeInPiecesOfAnySize() throws IOException {
        Random random = new Random(21);
        byte[] plain = Samples.MIXED.bytes(400_000, random);
        byte[] member = Samples.member(Samples.deflated(plain, 6, Deflater.DEFAULT_STRATEGY), plain);
        for (int most : new int[] {1, 3, 17, 5_000}) {
            InputStream pieces = new ByteArrayInputStream(member) {
                @Override
                public synchronized int read(byte[] target, int offset, int length) {
                    return super.read(target, offset, Math.min(length, 1 + random.nextInt(most)));
                }
            };
            assertThat(new GzipStream(pieces).readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void outputMayBeTakenInPiecesOfAnySize() throws IOException {
        Random random = new Random(22);
        byte[] plain = Samples.MIXED.bytes(600_000, random);
        GzipStream stream = new GzipStream(
                new ByteArrayInputStream(Samples.member(Samples.deflated(plain, 9, Deflater.DEFAULT_STRATEGY), plain)));
        byte[] out = new byte[plain.length];
        int at = 0;
        while (at < out.length) {
            at += stream.read(out, at, Math.min(1 + random.nextInt(150_000), out.length - at));
        }
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(out).isEqualTo(plain);
    }

    @Test
    void membersFollowOneAnother() throws IOException {
        Random random = new Random(23);
        List<InputStream> members = new ArrayList<>();
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (Samples sample : Samples.values()) {
            byte[] part = sample.bytes(50_000, random);
            plain.writeBytes(part);
            members.add(new ByteArrayInputStream(
                    Samples.member(Samples.deflated(part, 6, Deflater.DEFAULT_STRATEGY), part)));
        }
        SequenceInputStream all = new SequenceInputStream(java.util.Collections.enumeration(members));
        assertThat(new GzipStream(all).readAllBytes()).isEqualTo(plain.toByteArray());
    }

    /** Repetitions must not reach into the member before. */
    @Test
    void aMemberKnowsNothingOfTheOneBefore() {
        byte[] plain = Samples.SIXTEEN_LETTERS.bytes(100, new Random(1));
        byte[] first = Samples.member(Samples.deflated(plain, 6, Deflater.DEFAULT_STRATEGY), plain);
        byte[] second = Samples.member(farTooFar(), plain);
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertThatThrownBy(() -> read(both)).hasMessageContaining("before its beginning");
    }

    @Test
    void headersMayHaveAllParts() throws IOException {
        byte[] plain = {1, 2, 3};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3});
        out.writeBytes(new byte[] {3, 0, 9, 9, 9});
        out.writeBytes(new byte[] {'n', 0, 'c', 'o', 0, 7, 7});
        byte[] member = Samples.member(Samples.deflated(plain, 6, Deflater.DEFAULT_STRATEGY), plain);
        out.write(member, 10, member.length - 10);
        assertThat(read(out.toByteArray())).isEqualTo(plain);
    }

    @Test
    void whateverIsMissingAtTheEndIsNoticed() throws IOException {
        byte[] plain = Samples.MIXED.bytes(3_000, new Random(24));
        for (int strategy : STRATEGIES) {
            byte[] member = Samples.member(Samples.deflated(plain, 6, strategy), plain);
            for (int length = 0; length < member.length; length++) {
                byte[] cut = Arrays.copyOf(member, length);
                assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void garbageBehindTheEndIsNoticed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(1);
        }
        out.write(0);
        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(ZipException.class)
                .hasMessageContaining("garbage");
    }

    static Stream<Arguments> wrongTrailers() {
        return Stream.of(argumentSet("checksum", 8), argumentSet("size", 1));
    }

    @ParameterizedTest
    @MethodSource
    void wrongTrailers(int fromEnd) {
        byte[] plain = {1, 2, 3};
        byte[] member = Samples.member(Samples.deflated(plain, 6, Deflater.DEFAULT_STRATEGY), plain);
        member[member.length - fromEnd] ^= 1;
        assertThatThrownBy(() -> read(member)).hasMessageContaining("checksum or size");
    }

    static Stream<Arguments> wrongBlocks() {
        return Stream.of(
                argumentSet("type", new BitWriter().number(1, 1).number(3, 2), "invalid type"),
                argumentSet(
                        "stored length",
                        new BitWriter()
                                .number(1, 1)
                                .number(0, 2)
                                .number(0, 5)
                                .number(5, 16)
                                .number(6, 16),
                        "stored block"),
                argumentSet(
                        "too many literals",
                        dynamic().number(30, 5).number(0, 5).number(0, 4),
                        "too many codes"),
                argumentSet(
                        "too many distances",
                        dynamic().number(0, 5).number(30, 5).number(0, 4),
                        "too many codes"),
                argumentSet(
                        "incomplete code of lengths",
                        dynamic()
                                .number(0, 5)
                                .number(0, 5)
                                .number(0, 4)
                                .number(1, 3)
                                .number(0, 9),
                        "code of lengths"),
                argumentSet(
                        "too many codes of lengths",
                        dynamic().number(0, 5).number(0, 5).number(0, 4).number(01111, 12),
                        "code of lengths"),
                argumentSet("repeats nothing", lengths(true).number(0, 1), "nothing to repeat"),
                argumentSet(
                        "more lengths than codes",
                        lengths(false).number(1, 1).number(127, 7).number(1, 1).number(127, 7),
                        "more lengths"),
                argumentSet(
                        "no end of block",
                        lengths(false).number(1, 1).number(127, 7).number(1, 1).number(109, 7),
                        "without an end"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongBlocks(BitWriter deflated, String message) {
        byte[] stream = Samples.member(deflated.number(0, 32).bytes(), new byte[0]);
        assertThatThrownBy(() -> read(stream)).isInstanceOf(ZipException.class).hasMessageContaining(message);
    }

    private static BitWriter dynamic() {
        return new BitWriter().number(1, 1).number(2, 2);
    }

    /** Lengths are told by two codes of one bit: 0 repeats, or is a zero, and 1 is many zeros. */
    private static BitWriter lengths(boolean repeats) {
        return dynamic()
                .number(0, 5)
                .number(0, 5)
                .number(0, 4)
                .number(repeats ? 1 : 0, 3)
                .number(0, 3)
                .number(1, 3)
                .number(repeats ? 0 : 1, 3);
    }

    /** A repetition of three bytes from 32768 bytes ago, by the fixed codes. */
    private static byte[] farTooFar() {
        return new BitWriter()
                .number(1, 1)
                .number(1, 2)
                .number(Integer.reverse(1) >>> 25, 7)
                .number(Integer.reverse(29) >>> 27, 5)
                .number((1 << 13) - 1, 13)
                .number(0, 7)
                .bytes();
    }

    private static byte[] read(byte[] compressed) throws IOException {
        return new GzipStream(new ByteArrayInputStream(compressed)).readAllBytes();
    }
}
