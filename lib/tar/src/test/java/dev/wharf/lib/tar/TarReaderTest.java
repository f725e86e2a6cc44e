package dev.wharf.lib.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.testkit.tar.TarBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class TarReaderTest {
    private static List<TarEntry> read(byte[] tar) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), TarBounds.DEFAULT);
        List<TarEntry> entries = new ArrayList<>();
        TarEntry entry;
        while ((entry = reader.next()) != null) {
            entries.add(entry);
        }
        return entries;
    }

    private static TarEntry only(TarBytes tar) throws IOException {
        List<TarEntry> entries = read(tar.finished());
        assertThat(entries).hasSize(1);
        return entries.getFirst();
    }

    @Test
    void contentIsReadOrSkipped() throws IOException {
        byte[] tar = new TarBytes()
                .file("a", "aaa")
                .file("b", "b".repeat(600))
                .file("c", "c")
                .finished();
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), TarBounds.DEFAULT);
        assertThat(reader.next()).isNotNull();
        assertThat(reader.content()).hasContent("aaa");
        assertThat(reader.next()).isNotNull();
        assertThat(reader.next()).isNotNull();
        assertThat(reader.content()).hasContent("c");
        assertThat(reader.next()).isNull();
    }

    @Test
    void base256NumbersAreRead() throws IOException {
        byte[] uid = HexFormat.of().parseHex("80000000fffffffe".substring(0, 16));
        byte[] time = HexFormat.of().parseHex("ffffffffffffffffffffffff");
        TarEntry entry = only(new TarBytes()
                .add(TarBytes.header("x", '0').gnu().bytes(108, 8, uid).bytes(136, 12, time)));
        assertThat(Integer.toUnsignedLong(entry.uid())).isEqualTo(0xfffffffeL);
        assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(-1));
    }

    @Test
    void numberBeyond64BitsIsRefused() {
        byte[] size = HexFormat.of().parseHex("80ff00000000000000000000");
        assertThatThrownBy(() ->
                        only(new TarBytes().add(TarBytes.header("big", '0').bytes(124, 12, size))))
                .isInstanceOf(TarException.class)
                .hasMessageContaining("\"big\"");
    }

    @Test
    void gnuLongNamesAreRead() throws IOException {
        String name = "n".repeat(300);
        String link = "l".repeat(400);
        TarEntry entry = only(new TarBytes()
                .add(
                        TarBytes.header("././@LongLink", 'L').gnu().size(301),
                        (name + "\0").getBytes(StandardCharsets.UTF_8))
                .add(
                        TarBytes.header("././@LongLink", 'K').gnu().size(401),
                        (link + "\0").getBytes(StandardCharsets.UTF_8))
                .symlink("short", "short"));
        assertThat(entry.name()).isEqualTo(name);
        assertThat(entry.linkName()).isEqualTo(link);
    }

    @Test
    void paxValuesReplaceThoseOfTheHeader() throws IOException {
        TarEntry entry = only(new TarBytes()
                .pax("path", "Größe")
                .pax("mtime", "12.345678901234")
                .file("short", ""));
        assertThat(entry.modified()).isEqualTo(Instant.ofEpochSecond(12, 345678901));
        assertThat(entry.accessed()).isEqualTo(entry.modified());
    }

    @Test
    void globalHeadersAreSkipped() throws IOException {
        byte[] record = "19 path=everywhere\n".getBytes(StandardCharsets.UTF_8);
        TarEntry entry = only(new TarBytes()
                .add(TarBytes.header("pax_global_header", 'g').size(record.length), record)
                .file("own", ""));
        assertThat(entry.name()).isEqualTo("own");
    }

    @Test
    void v7DirectoryIsToldByItsSlash() throws IOException {
        assertThat(only(new TarBytes().add(TarBytes.header("d/", '\0').v7())).type())
                .isEqualTo(TarType.DIRECTORY);
        assertThat(only(new TarBytes().add(TarBytes.header("f", '\0').v7())).type())
                .isEqualTo(TarType.REGULAR);
    }

    @Test
    void ustarPrefixPrecedesTheName() throws IOException {
        byte[] prefix = "some/prefix".getBytes(StandardCharsets.UTF_8);
        assertThat(only(new TarBytes().add(TarBytes.header("name", '0').bytes(345, 155, prefix)))
                        .name())
                .isEqualTo("some/prefix/name");
    }

    @Test
    void sizeOfAnEntryWithoutContentIsIgnored() throws IOException {
        List<TarEntry> entries = read(new TarBytes()
                .add(TarBytes.header("link", '1').link("x").size(5000))
                .file("next", "n")
                .finished());
        assertThat(entries).extracting(TarEntry::name).containsExactly("link", "next");
    }
}
