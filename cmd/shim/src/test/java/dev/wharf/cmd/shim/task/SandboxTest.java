package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.runtime.sandbox.v1.CreateSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.SandboxStatusRequest;
import dev.wharf.api.runtime.sandbox.v1.ShutdownSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.StartSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.StopSandboxRequest;
import dev.wharf.api.runtime.sandbox.v1.WaitSandboxRequest;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.lib.linux.Namespaces;
import dev.wharf.lib.linux.Namespaces.Kind;
import dev.wharf.shim.SandboxService;
import dev.wharf.shim.ShimException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods and their members, by the real runc. */
class SandboxTest {
    private static final String ID = "pod";

    @TempDir
    private Path work;

    private Shim shim;
    private SandboxService sandboxes;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
        sandboxes = shim.tasks().sandboxes().orElseThrow();
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
        sandboxes.shutdown(
                Shim.CALL, ShutdownSandboxRequest.newBuilder().setSandboxId(ID).build());
    }

    private int start() throws Exception {
        return start("");
    }

    private int start(String network) throws Exception {
        Path bundle = Files.createDirectories(work.resolve(ID));
        sandboxes.create(
                Shim.CALL,
                CreateSandboxRequest.newBuilder()
                        .setSandboxId(ID)
                        .setBundlePath(bundle.toString())
                        .setNetnsPath(network)
                        .build());
        return sandboxes
                .start(
                        Shim.CALL,
                        StartSandboxRequest.newBuilder().setSandboxId(ID).build())
                .getPid();
    }

    private String state() {
        return sandboxes
                .status(
                        Shim.CALL,
                        SandboxStatusRequest.newBuilder().setSandboxId(ID).build())
                .getState();
    }

    @Test
    void memberSharesTheNamespacesItNamesByPath() throws Exception {
        int pid = start();
        assertThat(state()).isEqualTo("SANDBOX_READY");
        Shim.Output out = shim.output("out");
        TestBundle bundle = TestBundle.create(
                        work.resolve("bundle"), "sh", "-c", "readlink /proc/self/ns/ipc; readlink /proc/self/ns/uts")
                .filled()
                .with(spec -> {
                    var namespaces = spec.object("linux").orElseThrow().array("namespaces");
                    namespaces.removeIf(entry -> entry instanceof Map<?, ?> map && "ipc".equals(map.get("type")));
                    namespaces.add(Map.of("type", "ipc", "path", "/proc/1/ns/ipc"));
                });
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle)
                                .setStdout(out.path().toString())
                                .build());
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        String[] lines = out.text().split("\n", -1);
        assertThat(lines[0]).isEqualTo(namespace(pid, "ipc"));
        assertThat(lines[1]).isNotEqualTo(namespace(pid, "uts"));
    }

    @Test
    void memberIsInTheNetworkOfTheSandbox() throws Exception {
        Path network = Files.createFile(work.resolve("network"));
        String wanted = Namespaces.inNewNamespaces(Set.of(Kind.NET), () -> {
            Mounts.mount("", Kind.NET.ofThread().toString(), network, List.of("bind"));
            return Files.readSymbolicLink(Kind.NET.ofThread()).toString();
        });
        try {
            start(network.toString());
            Shim.Output out = shim.output("out");
            TestBundle bundle = TestBundle.create(work.resolve("bundle"), "readlink", "/proc/self/ns/net")
                    .filled();
            shim.tasks()
                    .create(
                            Shim.CALL,
                            shim.request("c", bundle)
                                    .setStdout(out.path().toString())
                                    .build());
            shim.start("c");
            assertThat(shim.wait("c")).isZero();
            assertThat(out.text().strip()).isEqualTo(wanted);
        } finally {
            Mounts.unmount(network, Mounts.MNT_DETACH);
        }
    }

    private static String namespace(int pid, String type) throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + type)).toString();
    }

    @Test
    void stoppedSandboxIsNotReadyAndWaitingEnds() throws Exception {
        start();
        StopSandboxRequest stop =
                StopSandboxRequest.newBuilder().setSandboxId(ID).build();
        sandboxes.stop(Shim.CALL, stop);
        sandboxes.stop(Shim.CALL, stop);
        assertThat(state()).isEqualTo("SANDBOX_NOTREADY");
        assertThat(sandboxes
                        .wait(
                                Shim.CALL,
                                WaitSandboxRequest.newBuilder().setSandboxId(ID).build())
                        .getExitStatus())
                .isEqualTo(137);
        assertThat(shim.tasks().isEmpty()).isFalse();
    }

    @Test
    void startWithoutCreateIsRefused() {
        assertThatThrownBy(() -> sandboxes.start(
                        Shim.CALL,
                        StartSandboxRequest.newBuilder().setSandboxId(ID).build()))
                .isInstanceOfSatisfying(
                        ShimException.class,
                        e -> assertThat(e.code()).isEqualTo(ShimException.Code.FAILED_PRECONDITION));
    }

    @Test
    void laterProcessGoesOnWithTheSandbox() throws Exception {
        start();
        SandboxService later = Shim.start(work).tasks().sandboxes().orElseThrow();
        assertThat(later.status(
                                Shim.CALL,
                                SandboxStatusRequest.newBuilder()
                                        .setSandboxId(ID)
                                        .build())
                        .getState())
                .isEqualTo("SANDBOX_READY");
    }
}
