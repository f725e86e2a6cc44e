package dev.wharf.cmd.wharfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wharf.api.services.version.v1.VersionGrpc;
import dev.wharf.cmd.wharfd.config.LoadedConfig;
import dev.wharf.cmd.wharfd.config.ServerConfig;
import dev.wharf.core.error.WharfException;
import dev.wharf.lib.linux.Processes;
import dev.wharf.lib.ttrpc.TtrpcChannel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole daemon on directories of its own, driven by Debian's ctr. */
class DaemonTest {
    @TempDir
    Path directory;

    @Test
    void ctrTalksToIt() throws Exception {
        try (Daemon _ = Daemon.start(config(""))) {
            assertThat(ctr("version")).contains("Server:").contains("UUID: ");
            assertThat(ctr("plugins", "ls"))
                    .containsPattern("io.containerd.content.v1 +content +- +ok")
                    .containsPattern("io.containerd.snapshotter.v1 +overlayfs +linux/\\w+ +ok")
                    .containsPattern("io.containerd.runtime.v2 +task +linux/\\w+ +ok")
                    .doesNotContain("error");
            ctr("namespaces", "create", "foo", "a=b");
            assertThat(ctr("namespaces", "ls")).containsPattern("foo +a=b");
            ctr("namespaces", "rm", "foo");
            assertThat(ctr("namespaces", "ls")).doesNotContain("foo");
        }
    }

    @Test
    void theTtrpcSocketServesTheSame() throws Exception {
        try (Daemon _ = Daemon.start(config(""));
                TtrpcChannel channel = TtrpcChannel.connect(Path.of(socket() + ".ttrpc"), Duration.ofSeconds(5))) {
            assertThat(VersionGrpc.newBlockingStub(channel)
                            .version(com.google.protobuf.Empty.getDefaultInstance())
                            .getVersion())
                    .isEqualTo(BuildInfo.current().version());
        }
    }

    @Test
    void directoriesAndSocketsHaveContainerdsModes() throws Exception {
        Daemon daemon = Daemon.start(config(""));
        assertThat(mode(directory.resolve("root"))).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("state"))).isEqualTo("rwx--x--x");
        assertThat(mode(socket())).isEqualTo("rw-rw----");
        assertThat(mode(Path.of(socket() + ".ttrpc"))).isEqualTo("rw-rw----");
        daemon.close();
        assertThat(socket()).doesNotExist();
        assertThat(Path.of(socket() + ".ttrpc")).doesNotExist();
    }

    @Test
    void whatWasStoredIsThereAfterARestart() throws Exception {
        try (Daemon _ = Daemon.start(config(""))) {
            ctr("namespaces", "create", "kept");
        }
        try (Daemon _ = Daemon.start(config(""))) {
            assertThat(ctr("namespaces", "ls")).contains("kept");
        }
    }

    @Test
    void aStaleSocketIsReplaced() throws Exception {
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();
        try (Daemon _ = Daemon.start(config(""))) {
            assertThat(ctr("version")).contains("Server:");
        }
    }

    @Test
    void aSecondDaemonOnTheRootIsToldWhoHasIt() throws Exception {
        try (Daemon _ = Daemon.start(config(""))) {
            assertThatExceptionOfType(WharfException.class)
                    .isThrownBy(() -> Daemon.start(config("")))
                    .withMessageContaining("belongs to another wharfd that runs as pid " + Processes.pid());
        }
    }

    @Test
    void aSocketSomebodyListensOnStopsTheStart() throws Exception {
        try (Daemon _ = Daemon.start(config(""))) {
            ServerConfig other = LoadedConfig.load(
                            Optional.empty(),
                            new LoadedConfig.Overrides(
                                    Optional.of(socket().toString()),
                                    Optional.of(directory.resolve("root2").toString()),
                                    Optional.of(directory.resolve("state2").toString()),
                                    Optional.empty()))
                    .config();
            assertThatExceptionOfType(WharfException.class)
                    .isThrownBy(() -> Daemon.start(other))
                    .withMessageContaining("another program listens on " + socket());
            assertThat(ctr("version")).contains("Server:");
        }
    }

    @Test
    void aSocketPathTooLongIsNamed() throws IOException {
        String path = "/tmp/" + "x".repeat(100);
        ServerConfig config = config("[plugins.'io.containerd.server.v1.grpc']\naddress = '" + path + "'\n");
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> Daemon.start(config))
                .withMessageContaining(path + " has 105 bytes, more than the 104");
    }

    @Test
    void aDisabledPluginIsGoneAndWhatNeedsItFails() throws Exception {
        try (Daemon _ = Daemon.start(config("disabled_plugins = ['io.containerd.snapshotter.v1.native',"
                + " 'io.containerd.differ.v1.walking']\n"))) {
            assertThat(ctr("plugins", "ls"))
                    .doesNotContain("native")
                    .containsPattern("io.containerd.service.v1 +diff-service +- +error")
                    .containsPattern("io.containerd.grpc.v1 +namespaces +- +ok");
        }
    }

    @Test
    void aRequiredPluginThatDoesNotRunStopsTheStart() throws IOException {
        ServerConfig config = config("required_plugins = ['io.containerd.grpc.v1.cri']\n");
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> Daemon.start(config))
                .withMessageContaining("io.containerd.grpc.v1.cri");
    }

    private ServerConfig config(String more) throws IOException {
        Path file = directory.resolve("config.toml");
        boolean owners = more.contains("server.v1.grpc'");
        String sockets = owners
                ? ""
                : "[plugins.'io.containerd.server.v1.grpc']\naddress = '" + socket()
                        + "'\n[plugins.'io.containerd.server.v1.ttrpc']\naddress = '" + socket() + ".ttrpc'\n";
        Files.writeString(
                file,
                "version = 4\nroot = '" + directory.resolve("root") + "'\nstate = '" + directory.resolve("state")
                        + "'\n" + more + sockets);
        LoadedConfig loaded = LoadedConfig.load(Optional.of(file), LoadedConfig.Overrides.NONE);
        assertThat(loaded.problems().errors()).isEmpty();
        return loaded.config();
    }

    private Path socket() {
        return directory.resolve("w.sock");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private String ctr(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ctr", "--address", socket().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        }
    }
}
