package dev.wharf.lib.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamespacesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    @Test
    void networkNamespaceIsEnteredByTheTaskAlone() throws Exception {
        Path here = identity(Namespaces.Kind.NET);
        try (Fd made = Namespaces.inNewNamespaces(
                Set.of(Namespaces.Kind.NET), () -> Fd.open(Namespaces.Kind.NET.ofThread(), OpenFlags.O_RDONLY))) {
            Path inside = Namespaces.inNamespaces(List.of(made), () -> identity(Namespaces.Kind.NET));
            assertThat(inside).isNotEqualTo(here);
            assertThat(Files.readSymbolicLink(made.procPath())).isEqualTo(inside);
            String devices = Namespaces.inNamespaces(
                    List.of(made),
                    () -> Command.run(List.of("cat", "/proc/net/dev"), new byte[0], LONG, 10_000)
                            .stdoutText());
            assertThat(devices.lines().skip(2)).allMatch(line -> line.strip().startsWith("lo:"));
        }
        assertThat(identity(Namespaces.Kind.NET)).isEqualTo(here);
    }

    @Test
    void mountsOfAnotherMountNamespaceAreSeenOnlyThere() throws Exception {
        try (Fd made = Namespaces.inNewNamespaces(Set.of(Namespaces.Kind.MNT), () -> {
            Mounts.mount("", "", Path.of("/"), List.of("rprivate"));
            Mounts.mount("tmpfs", "inside", dir, List.of());
            Files.createFile(dir.resolve("inside"));
            return Fd.open(Namespaces.Kind.MNT.ofThread(), OpenFlags.O_RDONLY);
        })) {
            assertThat(dir.resolve("inside")).doesNotExist();
            assertThat(MountInfo.isMountPoint(dir)).isFalse();
            assertThat(Namespaces.inNamespaces(List.of(made), () -> Files.exists(dir.resolve("inside"))))
                    .isTrue();
            assertThat(Namespaces.inNamespaces(List.of(made), () -> MountInfo.isMountPoint(dir)))
                    .isTrue();
        }
    }

    @Test
    void everyKindCanBeMadeAndKeptByBindMount() throws Exception {
        Mounts.mount("tmpfs", "keep", dir, List.of("rprivate"));
        try {
            Path kept = Files.createFile(dir.resolve("net"));
            Set<Namespaces.Kind> kinds = EnumSet.allOf(Namespaces.Kind.class);
            kinds.remove(Namespaces.Kind.MNT);
            Namespaces.inNewNamespaces(kinds, () -> {
                Mounts.mount("", Namespaces.Kind.NET.ofThread().toString(), kept, List.of("bind"));
                return true;
            });
            assertThat(FileSystem.of(kept).type()).isEqualTo(FileSystem.NSFS);
            try (Fd made = Fd.open(kept, OpenFlags.O_RDONLY)) {
                assertThat(Namespaces.inNamespaces(List.of(made), () -> identity(Namespaces.Kind.NET)))
                        .isNotEqualTo(identity(Namespaces.Kind.NET));
            }
        } finally {
            Mounts.unmountRecursive(dir, Mounts.MNT_DETACH);
        }
    }

    @Test
    void whatTheTaskThrowsIsThrown() throws Exception {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Namespaces.inNamespaces(List.of(), () -> {
                    throw new IOException("from inside");
                }));
        try (Fd file = Fd.open(Path.of("/dev/null"), OpenFlags.O_RDONLY)) {
            assertThatExceptionOfType(ErrnoException.class)
                    .isThrownBy(() -> Namespaces.inNamespaces(List.of(file), () -> true))
                    .withMessageStartingWith("setns");
        }
    }

    @Test
    void threadsAreNamedAndLimitsRead() throws Exception {
        String name = PlatformThread.call("named", () -> {
            Prctl.setThreadName("wharf-kernel");
            return Files.readString(Path.of("/proc/thread-self/comm")).strip();
        });
        assertThat(name).isEqualTo("wharf-kernel");
        ResourceLimit.Limits files = ResourceLimit.NOFILE.get(0);
        assertThat(Long.compareUnsigned(files.soft(), files.hard())).isNotPositive();
        ResourceLimit.NOFILE.set(0, files);
        assertThat(ResourceLimit.NOFILE.get(0)).isEqualTo(files);
        assertThat(Processes.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Processes.effectiveUser()).isZero();
        assertThat(Processes.exists(Processes.pid())).isTrue();
    }

    @Test
    void subreaperReapsTheOrphanByItsPidfd() throws Exception {
        Prctl.setChildSubreaper(true);
        try (Pipe pipe = Pipe.create();
                Child child = Spawn.command("sh", "-c", "sleep 100 >/dev/null & echo $!")
                        .fd(1, pipe.writer())
                        .start()) {
            assertThat(child.waitFor(LONG)).contains(new ExitStatus.Exited(0));
            byte[] buffer = new byte[20];
            int count = FileIo.read(pipe.reader(), buffer, 0, buffer.length);
            int orphan = Integer.parseInt(new String(buffer, 0, count, StandardCharsets.US_ASCII).strip());
            try (Pidfd pidfd = Pidfd.open(orphan)) {
                assertThat(pidfd.reap()).isEmpty();
                pidfd.sendSignal(Signal.SIGTERM.number());
                assertThat(pidfd.awaitEnd(LONG)).isTrue();
                assertThat(pidfd.reap()).contains(new ExitStatus.Killed(15, false));
            }
        } finally {
            Prctl.setChildSubreaper(false);
        }
        assertThat(Prctl.isChildSubreaper()).isFalse();
    }

    private static Path identity(Namespaces.Kind kind) throws IOException {
        return Files.readSymbolicLink(kind.ofThread());
    }
}
