package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.wharf.api.runc.v1.CheckpointOptions;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.api.runtime.task.v3.CheckpointTaskRequest;
import dev.wharf.api.types.task.Status;
import dev.wharf.shim.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images of containers, by a script around runc: it keeps what it was called with, and starts afresh instead of
 * restoring, as Debian's criu does not run on newer kernels.
 */
class CheckpointTest {
    private static final String SCRIPT = """
            #!/bin/sh
            case $7 in
                checkpoint) echo "$@" > $WORK/arguments; [ -e $WORK/broken ] || exit 0
                    echo '{"level":"error","msg":"criu failed: type DUMP errno 0"}' >> $4; exit 1 ;;
                restore) echo "$@" > $WORK/arguments
                    globals="$1 $2 $3 $4 $5 $6"
                    while [ $# -gt 1 ]; do
                        case $1 in --pid-file) pid=$2 ;; --bundle) bundle=$2 ;; esac
                        shift
                    done
                    exec runc $globals run --detach --pid-file $pid --bundle $bundle $1 ;;
                *) exec runc "$@" ;;
            esac
            """;

    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        Path engine = work.resolve("engine.sh");
        Files.writeString(engine, SCRIPT.replace("$WORK", work.toString()));
        Files.setPosixFilePermissions(engine, PosixFilePermissions.fromString("rwxr-xr-x"));
        shim = Shim.start(
                work,
                Options.newBuilder()
                        .setBinaryName(engine.toString())
                        .setCriuWorkPath(work.resolve("criu").toString())
                        .build());
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
    }

    private static CheckpointTaskRequest request(CheckpointOptions options) {
        return CheckpointTaskRequest.newBuilder()
                .setId("c")
                .setPath("/image")
                .setOptions(Any.newBuilder()
                        .setTypeUrl("containerd.runc.v1.CheckpointOptions")
                        .setValue(options.toByteString()))
                .build();
    }

    @Test
    void checkpointIsAskedForWithItsOptions() throws Exception {
        TestBundle bundle =
                TestBundle.create(work.resolve("bundle"), "sleep", "1000").filled();
        shim.tasks().create(Shim.CALL, shim.request("c", bundle).build());
        assertThatThrownBy(() -> shim.tasks().checkpoint(Shim.CALL, request(CheckpointOptions.getDefaultInstance())))
                .hasMessageContaining("cannot checkpoint a created container");
        shim.start("c");
        shim.tasks()
                .checkpoint(
                        Shim.CALL,
                        request(CheckpointOptions.newBuilder()
                                .setOpenTcp(true)
                                .addEmptyNamespaces("network")
                                .build()));
        assertThat(Files.readString(work.resolve("arguments")))
                .contains("checkpoint --image-path /image --work-path ")
                .endsWith(" --tcp-established --empty-ns network --leave-running c\n");
        Files.createFile(work.resolve("broken"));
        assertThatThrownBy(() -> shim.tasks().checkpoint(Shim.CALL, request(CheckpointOptions.getDefaultInstance())))
                .hasMessage("criu failed: type DUMP errno 0 path= "
                        + bundle.directory().resolve("criu-dump.log"));
    }

    @Test
    void containerIsRestoredWhenItIsStarted() throws Exception {
        Shim.Output out = shim.output("out");
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo again; exit 3")
                .filled();
        int before = shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .setStdout(out.path().toString())
                                .setCheckpoint("/image")
                                .build())
                .getPid();
        assertThat(before).isZero();
        assertThat(shim.status("c")).isEqualTo(Status.CREATED);
        assertThatThrownBy(() -> shim.tasks()
                        .exec(Shim.CALL, Shim.execRequest("c", "e", "true").build()))
                .hasMessageContaining("cannot exec in a created state");
        assertThat(shim.start("c")).isPositive();
        assertThat(shim.wait("c")).isEqualTo(3);
        assertThat(out.text()).isEqualTo("again\n");
        assertThat(Files.readString(work.resolve("arguments")))
                .contains("restore --image-path /image --work-path " + work.resolve("criu") + " ");
        shim.delete("c");
        assertThat(shim.context().topics("c")).containsExactly(Topics.CREATE, Topics.START, Topics.EXIT, Topics.DELETE);
    }
}
