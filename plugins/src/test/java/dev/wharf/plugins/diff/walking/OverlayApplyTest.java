package dev.wharf.plugins.diff.walking;

import static dev.wharf.plugins.diff.walking.Programs.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.linux.Device;
import dev.wharf.lib.linux.FileType;
import dev.wharf.lib.linux.MountInfo;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.testkit.tar.TarBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers applied to the upper directory of an overlay, then seen through the kernel's overlay. */
class OverlayApplyTest {
    @TempDir
    Path dir;

    private final MemoryContent content = new MemoryContent();
    private Path upper;
    private Mount overlay;

    @BeforeEach
    void makeLayers() throws IOException {
        for (String name : List.of("base", "middle", "upper", "work", "merged")) {
            Files.createDirectory(dir.resolve(name));
        }
        upper = dir.resolve("upper");
        sh(dir.resolve("base"), """
                mkdir -p etc/conf.d usr/lib/deep empty; echo base > etc/conf.d/a; echo base > etc/conf.d/b
                echo lib > usr/lib/libc; echo gone > gone; ln -s usr/lib lib
                chown 11:12 usr; chmod 750 usr; chmod 2711 usr/lib; touch -d @1000000000 usr
                """);
        sh(dir.resolve("middle"), "mkdir -p etc; echo middle > etc/middle; chown 7:8 etc; chmod 1700 etc");
        Xattr.set(dir.resolve("middle/etc"), "user.from", new byte[] {1, -1}, 0);
        overlay = Mount.of(
                "overlay",
                "overlay",
                List.of(
                        "volatile",
                        "workdir=" + dir.resolve("work"),
                        "upperdir=" + upper,
                        "lowerdir=" + dir.resolve("middle") + ":" + dir.resolve("base")));
    }

    @AfterEach
    void nothingStaysMounted() {
        assertThat(MountInfo.read())
                .extracting(MountInfo::mountPoint)
                .noneMatch(point -> point.startsWith(dir.toString()));
    }

    private void apply(TarBytes tar) {
        var layer = content.add(MediaTypes.OCI_LAYER, tar.finished());
        new WalkingApplier(content, TarBounds.DEFAULT, dir.resolve("mounts"))
                .apply(Context.of("test"), layer, List.of(overlay), new Applier.Options(Map.of(), true));
    }

    private void seenMerged(Consumer<Path> check) {
        Path merged = dir.resolve("merged");
        List<String> options =
                overlay.options().stream().filter(o -> !o.equals("volatile")).toList();
        Mounts.mount("overlay", "overlay", merged, options);
        try {
            check.accept(merged);
        } finally {
            Mounts.unmount(merged, 0);
        }
    }

    @Test
    void whiteoutsBecomeWhatTheKernelTakesForThem() {
        apply(new TarBytes()
                .add(TarBytes.header(".wh.gone", '0').owner(3, 4))
                .file("etc/conf.d/.wh..wh..opq", "")
                .file("etc/conf.d/c", "new")
                .file("usr/.wh.lib", ""));
        Stat whiteout = Stat.ofLink(upper.resolve("gone"));
        assertThat(whiteout.type()).isEqualTo(FileType.CHARACTER_DEVICE);
        assertThat(whiteout.special()).isEqualTo(Device.NONE);
        assertThat(whiteout.uid()).isEqualTo(3);
        assertThat(Xattr.get(upper.resolve("etc/conf.d"), "trusted.overlay.opaque"))
                .hasValue(new byte[] {'y'});
        seenMerged(merged -> assertThat(Tree.of(merged))
                .containsOnlyKeys("etc", "etc/conf.d", "etc/conf.d/c", "etc/middle", "usr", "empty", "lib"));
    }

    @Test
    void impliedDirectoriesLookAsInTheNewestLayerThatHasThem() {
        apply(new TarBytes().file("etc/new", "x").file("usr/lib/deep/new", "x").file("nowhere/new", "x"));
        Map<String, String> tree = Tree.of(upper);
        assertThat(tree.get("etc")).startsWith("DIRECTORY 1700 7:8").contains("user.from=01ff");
        assertThat(tree.get("usr")).startsWith("DIRECTORY 750 11:12");
        assertThat(tree.get("usr/lib")).startsWith("DIRECTORY 2711 0:0");
        assertThat(tree.get("nowhere")).startsWith("DIRECTORY 755 0:0");
    }

    @Test
    void directoryInPlaceOfAWhiteoutHidesWhatIsBelow() {
        apply(new TarBytes()
                .file(".wh.etc", "")
                .directory("etc")
                .file("etc/only", "x")
                .file("usr/.wh.lib", "")
                .file("usr/lib/implied", "x"));
        seenMerged(merged -> {
            assertThat(Tree.of(merged.resolve("etc"))).containsOnlyKeys("only");
            assertThat(Tree.of(merged.resolve("usr/lib"))).containsOnlyKeys("implied");
        });
    }

    @Test
    void hardLinkToAFileOfALowerLayerIsCopiedUp() {
        apply(new TarBytes()
                .hardLink("usr/lib/libc.so", "usr/lib/libc")
                .hardLink("top", "lib/libc")
                .file("after", "x"));
        seenMerged(merged -> {
            assertThat(merged.resolve("usr/lib/libc.so")).hasContent("lib");
            assertThat(merged.resolve("top")).hasContent("lib");
            assertThat(Stat.of(merged.resolve("top")).inode())
                    .isEqualTo(Stat.of(merged.resolve("usr/lib/libc")).inode());
        });
        assertThat(dir.resolve("base/usr/lib/libc")).hasContent("lib");
    }

    @Test
    void hardLinkReplacesWhatIsBelowByItsName() {
        apply(new TarBytes().hardLink("gone", "usr/lib/libc").hardLink("etc", "usr/lib/libc"));
        seenMerged(merged -> {
            assertThat(merged.resolve("gone")).hasContent("lib");
            assertThat(merged.resolve("etc")).hasContent("lib");
        });
    }

    @Test
    void hardLinkToAFileTheLayerRemovedIsRefused() {
        assertThatThrownBy(() -> apply(new TarBytes().file(".wh.gone", "").hardLink("again", "gone")))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT))
                .hasMessageContaining("\"again\"");
    }

    @Test
    void hardLinkToAFileOfNoLayerIsRefused() {
        assertThatThrownBy(() -> apply(new TarBytes().hardLink("stolen", "../../../../etc/nothing-here")))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT))
                .hasMessageContaining("\"stolen\"");
    }

    @Test
    void mergedDirectoryTakesTheMetadataOfTheLayer() {
        apply(new TarBytes()
                .add(TarBytes.header("etc", '5').mode(0711).owner(21, 22).time(1_100_000_000)));
        seenMerged(merged -> {
            Map<String, String> tree = Tree.of(merged);
            assertThat(tree.get("etc")).startsWith("DIRECTORY 711 21:22 2004-11-09T11:33:20Z");
            assertThat(tree).containsKeys("etc/middle", "etc/conf.d/a");
        });
    }

    @Test
    void layerGoesThroughAMountWhenMarksAreUserAttributes() {
        overlay = Mount.of(
                "overlay",
                "overlay",
                List.of(
                        "userxattr",
                        "workdir=" + dir.resolve("work"),
                        "upperdir=" + upper,
                        "lowerdir=" + dir.resolve("base")));
        apply(new TarBytes().file(".wh.gone", "").file("lib/new", "x"));
        seenMerged(
                merged -> assertThat(Tree.of(merged)).doesNotContainKey("gone").containsKey("usr/lib/new"));
    }
}
