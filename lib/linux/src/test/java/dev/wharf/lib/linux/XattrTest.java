package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XattrTest {
    /** VFS_CAP_REVISION_2 with CAP_NET_RAW permitted and effective. */
    private static final byte[] CAPABILITY = HexFormat.of().parseHex("0100000200200000000000000000000000000000");

    @TempDir
    Path dir;

    private Path file = Path.of("");

    @BeforeEach
    void mountTmpfs() throws IOException {
        Mounts.mount("tmpfs", "xattr", dir, List.of("size=16m"));
        file = Files.createFile(dir.resolve("f"));
    }

    @AfterEach
    void unmount() {
        Mounts.unmountAll(dir, Mounts.MNT_DETACH);
    }

    @Test
    void binaryValueIsSetListedReadAndRemoved() {
        byte[] value = {0, 1, (byte) 0xff, 0};
        Xattr.set(file, "trusted.overlay.opaque", value, Xattr.CREATE);
        assertThat(Xattr.get(file, "trusted.overlay.opaque")).contains(value);
        assertThat(Xattr.list(file)).containsExactly("trusted.overlay.opaque");
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> Xattr.set(file, "trusted.overlay.opaque", value, Xattr.CREATE))
                .matches(e -> e.is(Errno.EEXIST));
        Xattr.remove(file, "trusted.overlay.opaque");
        assertThat(Xattr.get(file, "trusted.overlay.opaque")).isEmpty();
        assertThat(Xattr.list(file)).isEmpty();
    }

    @Test
    void fileCapabilityIsKeptByteForByte() {
        Xattr.set(file, "security.capability", CAPABILITY, 0);
        assertThat(Xattr.get(file, "security.capability")).contains(CAPABILITY);
    }

    @Test
    void valueAboveTheUsualSizeIsRead() {
        byte[] value = new byte[5000];
        new Random(1).nextBytes(value);
        Xattr.set(file, "trusted.big", value, 0);
        assertThat(Xattr.get(file, "trusted.big")).contains(value);
    }

    @Test
    void emptyValueIsAValue() {
        Xattr.set(file, "trusted.empty", new byte[0], 0);
        assertThat(Xattr.get(file, "trusted.empty")).contains(new byte[0]);
    }

    @Test
    void descriptorOpenedByPathOnlyTakesAttributes() {
        try (Fd fd = Fd.open(file, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW)) {
            Xattr.set(fd, "trusted.a", new byte[] {1}, 0);
            assertThat(Xattr.list(fd)).containsExactly("trusted.a");
            assertThat(Xattr.get(fd, "trusted.a")).contains(new byte[] {1});
            Xattr.remove(fd, "trusted.a");
        }
        assertThat(Xattr.list(file)).isEmpty();
    }

    @Test
    void symbolicLinkHasAttributesOfItsOwn() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), file);
        Xattr.set(link, "trusted.onlink", new byte[] {1}, 0);
        assertThat(Xattr.list(file)).isEmpty();
        assertThat(Xattr.list(link)).containsExactly("trusted.onlink");
        try (Fd parent = Fd.directory(dir)) {
            assertThat(Xattr.list(parent.procPath().resolve("link"))).containsExactly("trusted.onlink");
        }
    }
}
