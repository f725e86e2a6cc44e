package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.unpack.DiskSync;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.file.Path;
import java.util.List;

/** Makes the file system of a snapshot's directory durable by syncfs(2). */
final class SyncFs implements DiskSync {
    private static final String UPPER = "upperdir=";

    @Override
    public void sync(List<Mount> mounts) {
        Mount last = mounts.getLast();
        String directory = last.options().stream()
                .filter(option -> option.startsWith(UPPER))
                .map(option -> option.substring(UPPER.length()))
                .findFirst()
                .orElse(last.source());
        try (Fd fd = Fd.open(Path.of(directory), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)) {
            FileIo.syncfs(fd);
        } catch (ErrnoException e) {
            throw ErrorKind.INTERNAL.of("sync the unpacked layers below " + directory + ": " + e.getMessage(), e);
        }
    }
}
