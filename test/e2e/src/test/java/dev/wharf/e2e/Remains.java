package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Looks for what should be gone with its container or image: on the daemon's disk, in the kernel, in the metadata. */
final class Remains {
    /** How often it is looked before what is there is taken to stay: shims end a while after their container. */
    private static final int LOOKS = 400;

    private final Daemon daemon;

    Remains(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Checks that no container left anything: no shim, mount, bundle or cgroup. */
    void ofContainersAreNone() {
        List<String> found = ofContainers();
        for (int look = 0; look < LOOKS && !found.isEmpty(); look++) {
            Programs.pause();
            found = ofContainers();
        }
        assertThat(found).as("left of containers; log:%n%s", daemon.logText()).isEmpty();
    }

    /** Whatever of containers is there. */
    List<String> ofContainers() {
        Stream<String> processes = daemon.processesBelow().stream()
                .filter(line -> !line.contains("/wharfd") && !line.contains("cmd.wharfd.Main"));
        Stream<String> bundles = Stream.of(daemon.root(), daemon.state())
                .map(directory ->
                        directory.resolve("io.containerd.runtime.v2.task").resolve(daemon.namespace()))
                .flatMap(directory -> children(directory).stream())
                .map(Path::toString);
        Stream<String> cgroups = Cgroups.of(daemon.namespace()).stream().map(Path::toString);
        return Stream.of(processes, daemon.mountsBelow().stream(), bundles, cgroups)
                .flatMap(all -> all)
                .toList();
    }

    /** Removes all tasks, containers, images and leases, collects garbage, and checks that nothing at all is left. */
    void areNoneOnceAllIsDeleted() {
        daemon.removeTasks();
        for (String image : daemon.ctr("images", "ls", "-q").ok().lines()) {
            daemon.ctr("images", "rm", image).ok();
        }
        for (String lease : daemon.ctr("leases", "ls", "-q").ok().lines()) {
            daemon.ctr("leases", "rm", lease).ok();
        }
        collectGarbage();
        ofContainersAreNone();
        assertThat(ofImages()).as("left of images; log:%n%s", daemon.logText()).isEmpty();
    }

    /** Collects garbage, and returns when that is done. */
    void collectGarbage() {
        daemon.ctr("leases", "create", "--id", "garbage").ok();
        daemon.ctr("leases", "rm", "--sync", "garbage").ok();
    }

    /** Whatever of images is there, known to the daemon or only on its disk. */
    List<String> ofImages() {
        Path content = daemon.root().resolve("io.containerd.content.v1.content");
        Stream<String> known = Stream.of(
                        daemon.ctr("content", "ls", "-q").ok().lines(),
                        daemon.ctr("content", "active").ok().lines().stream()
                                .skip(1)
                                .toList(),
                        daemon.ctr("snapshots", "ls").ok().lines().stream()
                                .skip(1)
                                .toList(),
                        daemon.ctr("snapshots", "--snapshotter", "native", "ls").ok().lines().stream()
                                .skip(1)
                                .toList(),
                        daemon.ctr("leases", "ls", "-q").ok().lines())
                .flatMap(List::stream);
        Stream<String> onDisk = Stream.of(
                        content.resolve("blobs/sha256"),
                        content.resolve("ingest"),
                        snapshots("overlayfs"),
                        snapshots("native"),
                        daemon.root().resolve("tmpmounts"),
                        daemon.state().resolve("tmpmounts"))
                .flatMap(directory -> children(directory).stream())
                .map(Path::toString);
        return Stream.concat(known, onDisk).toList();
    }

    private Path snapshots(String snapshotter) {
        return daemon.root()
                .resolve("io.containerd.snapshotter.v1." + snapshotter)
                .resolve("snapshots");
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
