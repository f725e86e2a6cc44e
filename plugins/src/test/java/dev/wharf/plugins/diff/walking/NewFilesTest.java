package dev.wharf.plugins.diff.walking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.lib.linux.Stat;
import dev.wharf.lib.linux.Umask;
import dev.wharf.lib.linux.Xattr;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.testkit.tar.TarBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Owners and modes of files, whatever a file gets by being made where it is. */
class NewFilesTest {
    private static final int[] MODES = {
        0644, 0644, 0666, 0666, 0777, 0644, 0, 0444, 04755, 0755, 02755, 02711, 01666, 07777, 0666, 0600, 0007
    };

    @TempDir
    Path dir;

    private final MemoryContent content = new MemoryContent();
    private final TarBytes layer = new TarBytes();
    private final int umask = Umask.set(022);

    NewFilesTest() {
        Umask.set(umask);
    }

    @AfterEach
    void restoreUmask() {
        Umask.set(umask);
    }

    private void file(String name, int mode, int uid, int gid) {
        layer.add(TarBytes.header(name, '0').mode(mode).owner(uid, gid).size(1).time(1_000_000_000), (byte) 'x');
    }

    private void directory(String name, int mode, int uid, int gid) {
        layer.add(TarBytes.header(name, '5').mode(mode).owner(uid, gid));
    }

    private void apply() {
        Mount bind = Mount.of("bind", dir.toString(), List.of("rw", "rbind"));
        new WalkingApplier(content, TarBounds.DEFAULT, dir.resolve("mounts"))
                .apply(
                        Context.of("test"),
                        content.add(MediaTypes.OCI_LAYER, layer.finished()),
                        List.of(bind),
                        Applier.Options.DEFAULT);
    }

    private void is(String name, int mode, int uid, int gid) {
        Stat stat = Stat.ofLink(dir.resolve(name));
        assertThat(List.of(Integer.toOctalString(stat.permissions()), stat.uid(), stat.gid()))
                .as(name)
                .isEqualTo(List.of(Integer.toOctalString(mode), uid, gid));
        assertThat(stat.modified().getEpochSecond()).as(name).isEqualTo(1_000_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 022, 077, 0777})
    void modesAreThoseOfTheEntriesUnderAnyUmask(int mask) {
        directory("d", 0755, 0, 0);
        for (int i = 0; i < MODES.length; i++) {
            file("d/" + i, MODES[i], 0, 0);
        }
        Umask.set(mask);

        apply();

        for (int i = 0; i < MODES.length; i++) {
            is("d/" + i, MODES[i], 0, 0);
        }
    }

    @Test
    void ownersThatChangeFromFileToFileAreTaken() {
        int[][] owners = {{0, 0}, {0, 0}, {1000, 0}, {1000, 1000}, {0, 7}, {0, 0}, {3_000, 5}, {0, 0}};
        for (int i = 0; i < owners.length; i++) {
            file("f" + i, 04711, owners[i][0], owners[i][1]);
            file("g" + i, 0640, owners[i][0], owners[i][1]);
        }

        apply();

        for (int i = 0; i < owners.length; i++) {
            is("f" + i, 04711, owners[i][0], owners[i][1]);
            is("g" + i, 0640, owners[i][0], owners[i][1]);
        }
    }

    @Test
    void directoryThatGivesItsGroupToFilesDoesNotGiveItToThoseOfTheLayer() {
        directory("plain", 0755, 0, 0);
        file("plain/a", 0644, 0, 0);
        file("plain/b", 0644, 0, 0);
        directory("giving", 02775, 0, 42);
        file("giving/a", 0644, 0, 0);
        file("giving/b", 0644, 0, 42);
        file("giving/c", 0644, 0, 0);
        directory("plain", 02775, 0, 43);
        file("plain/c", 0644, 0, 0);
        file("plain/d", 0644, 0, 43);

        apply();

        List.of("plain/a", "plain/b", "plain/c", "giving/a", "giving/c").forEach(name -> is(name, 0644, 0, 0));
        is("giving/b", 0644, 0, 42);
        is("plain/d", 0644, 0, 43);
    }

    @Test
    void defaultAclOfADirectoryDoesNotChangeModes() {
        // Version 2, then tag, permissions and id of owner, group and others.
        byte[] acl = {2, 0, 0, 0, 1, 0, 7, 0, -1, -1, -1, -1, 4, 0, 0, 0, -1, -1, -1, -1, 32, 0, 0, 0, -1, -1, -1, -1};
        file("before", 0644, 0, 0);
        layer.pax(Map.of("SCHILY.xattr.system.posix_acl_default", acl));
        directory("d", 0755, 0, 0);
        file("d/a", 0644, 0, 0);
        file("d/b", 0644, 0, 0);
        file("d/c", 0666, 0, 0);

        apply();

        assertThat(Xattr.get(dir.resolve("d"), "system.posix_acl_default")).isPresent();
        is("d/a", 0644, 0, 0);
        is("d/b", 0644, 0, 0);
        is("d/c", 0666, 0, 0);
    }

    @Test
    void capabilitiesOfFilesAmongPlainOnesStay() {
        byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        for (int uid : new int[] {0, 1000}) {
            file("plain" + uid, 0755, uid, 0);
            file("again" + uid, 0755, uid, 0);
            layer.pax(Map.of("SCHILY.xattr.security.capability", capability));
            file("able" + uid, 0755, uid, 0);
        }

        apply();

        for (int uid : new int[] {0, 1000}) {
            is("able" + uid, 0755, uid, 0);
            is("again" + uid, 0755, uid, 0);
            assertThat(Xattr.get(dir.resolve("able" + uid), "security.capability"))
                    .hasValue(capability);
        }
    }

    @Test
    void replacedAndLinkedFilesHaveWhatTheLastEntrySays() {
        file("a", 0600, 0, 0);
        file("b", 0644, 0, 0);
        file("b", 0755, 0, 0);
        file("c", 0644, 0, 0);
        file("c", 04750, 3, 4);
        file("c", 0644, 0, 0);
        layer.add(TarBytes.header("link", '1').link("a").mode(0640).owner(5, 6).time(1_000_000_000));
        file("d", 0644, 0, 0);

        apply();

        is("a", 0640, 5, 6);
        is("link", 0640, 5, 6);
        is("b", 0755, 0, 0);
        is("c", 0644, 0, 0);
        is("d", 0644, 0, 0);
        assertThat(Files.exists(dir.resolve("mounts"))).isFalse();
    }
}
