package dev.wharf.cmd.shim.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.lib.tar.TarReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackingTest {
    private static final OwnerMap ALL = OwnerMap.of("         0          0 4294967295\n");

    /** Of a thread of the packaged program. */
    private static final long STACK = 512 << 10;

    @TempDir
    private Path directory;

    @Test
    void theDeepestTreeThatIsTakenFitsOnTheStack() throws Exception {
        Path deep = directory;
        for (int i = 0; i < 256; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        FutureTask<byte[]> packing = new FutureTask<>(() -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ContainerRoot root = new ContainerRoot(Fd.directory(directory), ALL, ALL)) {
                new Packing(root, true, out).run("/d");
            }
            return out.toByteArray();
        });
        new Thread(null, packing, "small", STACK).start();
        TarReader archive = new TarReader(new ByteArrayInputStream(packing.get()), TarBounds.DEFAULT);
        int entries = 0;
        while (archive.next() != null) {
            entries++;
        }
        assertThat(entries).isEqualTo(256);
    }

    @Test
    void ownersAreMappedBothWays() {
        OwnerMap map = OwnerMap.of("0 100000 10\n10 5 1\n4294967294 7 1\n");
        assertThat(map.isIdentity()).isFalse();
        assertThat(map.outside(3)).isEqualTo(100_003);
        assertThat(map.outside(10)).isEqualTo(5);
        assertThat(map.outside(-2)).isEqualTo(7);
        assertThatThrownBy(() -> map.outside(11)).hasMessageContaining("owner 11");
        assertThat(map.inside(100_009)).isEqualTo(9);
        assertThat(map.inside(100_010)).isEqualTo(65534);
        assertThat(ALL.isIdentity()).isTrue();
        assertThat(ALL.outside(-2)).isEqualTo(-2);
    }
}
