package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.lib.linux.IdleMemory.Range;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdleMemoryTest {
    private static final String PROTECTED = "VmFlags: rd mr mw me ";

    private static List<Range> unchanged(String mapping, int anonymous) {
        return IdleMemory.unchanged(
                List.of(mapping, "Size:              31476 kB", "Anonymous:         " + anonymous + " kB", PROTECTED));
    }

    @Test
    void codeAndReadOnlyFilesAreDropped() {
        assertThat(unchanged("7f2d24000000-7f2d25000000 r-xp 00400000 fe:00 1023   /opt/lib/libjvm.so", 0))
                .containsExactly(new Range(0x7f2d24000000L, 0x7f2d25000000L));
        assertThat(unchanged("80173a000-8035f7000 r--p 0173a000 fe:00 10231812     /opt/a b/wharfd.aot", 0))
                .containsExactly(new Range(0x80173a000L, 0x8035f7000L));
    }

    @Test
    void whatMayDifferFromTheFileIsKept() {
        assertThat(unchanged("80173a000-8035f7000 r--p 0173a000 fe:00 10231812     /opt/wharfd.aot", 4))
                .as("has a page of its own")
                .isEmpty();
        assertThat(unchanged("800001000-80173a000 rw-p 00001000 fe:00 10231812     /opt/wharfd.aot", 0))
                .as("is writable")
                .isEmpty();
        assertThat(unchanged("7f2d24000000-7f2d25000000 r--p 00400000 fe:00 1023   /lib/libc.so.6", 0))
                .as("is data of a library")
                .isEmpty();
        assertThat(unchanged("7f2d24000000-7f2d25000000 r--s 00400000 fe:00 1023   /tmp/shared", 0))
                .as("is shared")
                .isEmpty();
        assertThat(unchanged("7ffc1c9e0000-7ffc1c9e2000 r-xp 00000000 00:00 0      [vdso]", 0))
                .as("is no file")
                .isEmpty();
        assertThat(unchanged("7f2d24000000-7f2d25000000 r--p 00000000 00:00 0 ", 0))
                .as("is no file")
                .isEmpty();
    }

    @Test
    void aProcessGoesOnWithoutThem() throws IOException {
        assertThat(IdleMemory.dropFilePages()).isPositive();
        IdleMemory.trimHeap();
        assertThat(IdleMemory.dropFilePages()).isPositive();
    }
}
