package dev.wharf.e2e;

import java.nio.file.Path;

/** The small image of the tests, made by {@code test/parts/busybox-image.sh}. */
final class BusyboxImage {
    /** The name the archive gives it. */
    static final String NAME = "docker.io/library/busybox:latest";

    private BusyboxImage() {}

    /** Makes the archive in a directory and answers its path. */
    static Path archive(Path directory) {
        Path archive = directory.resolve("busybox.tar");
        Programs.run("../parts/busybox-image.sh", archive.toString(), NAME).ok();
        return archive;
    }
}
