package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A container that does its work beside others that do not, and its daemon: whatever those do, it answers, and ends with
 * its code.
 */
final class Neighbour implements AutoCloseable {
    private static final String ID = "neighbour";
    private static final int CODE = 7;

    private final Daemon daemon;
    private int calls;

    private Neighbour(Daemon daemon) {
        this.daemon = daemon;
    }

    /** Starts a daemon whose clients work in this namespace, with an image, and the container there. */
    static Neighbour moveIn(String namespace) {
        Daemon daemon = Daemon.launchIn(namespace);
        daemon.ctr("images", "import", BusyboxImage.archive(daemon.directory()).toString())
                .ok();
        daemon.ctr(
                        "run",
                        "-d",
                        "--null-io",
                        BusyboxImage.NAME,
                        ID,
                        "sh",
                        "-c",
                        "trap 'exit " + CODE + "' TERM; while true; do sleep 0.1; done")
                .ok();
        return new Neighbour(daemon);
    }

    Daemon daemon() {
        return daemon;
    }

    /** Runs a program in it, whose output and code are right. */
    void answers() {
        Programs.Result result = daemon.ctr(
                "tasks", "exec", "--exec-id", "call" + calls++, ID, "sh", "-c", "echo here; echo ok >&2; exit 5");
        assertThat(result.exit()).as(result.toString()).isEqualTo(5);
        assertThat(result.out()).isEqualTo("here\n");
        assertThat(result.err()).contains("ok");
    }

    /** Removes all other containers, and waits until nothing of them is there any more. */
    void isLeftAlone() {
        Programs.await("the other containers to be gone: " + others(), () -> {
            removeOthers();
            return others().isEmpty();
        });
    }

    private void removeOthers() {
        for (String id : daemon.ctr("tasks", "ls", "-q").ok().lines()) {
            if (!id.equals(ID)) {
                daemon.ctr("tasks", "rm", "--force", id);
            }
        }
        for (String id : daemon.ctr("containers", "ls", "-q").ok().lines()) {
            if (!id.equals(ID)) {
                daemon.ctr("containers", "rm", id);
            }
        }
    }

    private List<String> others() {
        Stream<String> tasks = daemon.ctr("tasks", "ls", "-q").ok().lines().stream();
        Stream<String> snapshots =
                daemon.ctr("snapshots", "ls").ok().lines().stream().filter(line -> line.contains("Active"));
        Stream<String> cgroups = Cgroups.of(daemon.namespace()).stream().map(Path::toString);
        return Stream.of(tasks, snapshots, cgroups, daemon.mountsBelow().stream())
                .flatMap(all -> all)
                .filter(found -> !found.contains(ID))
                .toList();
    }

    /** Ends container and daemon, of which nothing is left. */
    @Override
    public void close() {
        try {
            endRight();
            daemon.close();
        } finally {
            daemon.discard();
        }
    }

    /** By a signal that it answers with its own code. */
    private void endRight() {
        daemon.ctr("tasks", "kill", "-s", "SIGTERM", ID).ok();
        Programs.await(
                "the neighbour to end",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "rm", ID).ok().err()).contains("exit code " + CODE);
        daemon.ctr("containers", "rm", ID).ok();
    }
}
