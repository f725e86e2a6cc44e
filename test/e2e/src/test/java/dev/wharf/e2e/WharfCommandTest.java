package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Our own command line program against wharfd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WharfCommandTest {
    private Registry registry;
    private Daemon daemon;
    private String image;

    @BeforeAll
    void startAndPull() {
        registry = Registry.start();
        image = registry.pushBusybox();
        daemon = Daemon.launch();
        daemon.wharf("pull", "--plain-http", image).ok();
    }

    @AfterAll
    void stop() {
        daemon.close();
        registry.close();
    }

    @AfterEach
    void removeContainers() {
        for (String id : daemon.wharf("ps", "--quiet").ok().lines()) {
            daemon.wharf("rm", "--force", id).ok();
        }
        assertThat(daemon.ctr("tasks", "ls", "-q").ok().lines()).isEmpty();
        assertThat(daemon.ctr("snapshots", "ls").ok().out()).doesNotContain("Active");
        assertThat(Cgroups.of(Daemon.NAMESPACE)).as("cgroups left behind").isEmpty();
    }

    @Test
    void theDaemonIsSpokenToOverTtrpc() {
        assertThat(daemon.wharf("version").ok().out()).contains("server").contains("(ttrpc)");
    }

    @Test
    void eachProgramHasItsManualPage() {
        for (String page : List.of(
                "man1/wharf.1",
                "man5/wharfd-config.toml.5",
                "man8/wharfd.8",
                "man8/containerd-shim-wharf-v1.8",
                "man8/containerd-shim-wharfwasi-v1.8")) {
            Path share = Daemon.DIST.resolve("share/man");
            assertThat(Programs.run("sh", "-c", "cd " + share + " && groff -man -Tascii -P-cbou " + page)
                            .ok()
                            .out())
                    .contains("SEE ALSO")
                    .doesNotContain("@VERSION@");
        }
    }

    @Test
    void aPulledImageIsCompleteForOthersToo() {
        assertThat(daemon.wharf("images").ok().out()).contains(image);
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern(image + ".*complete \\(3/3\\).*true");
        assertThat(daemon.ctr("run", "--rm", image, "by-ctr", "echo", "same")
                        .ok()
                        .out())
                .isEqualTo("same\n");
        assertThat(daemon.ctr("leases", "ls", "-q").ok().lines()).isEmpty();
    }

    @Test
    void aContainerRunsToItsEndAndIsGone() {
        Programs.Result result =
                daemon.wharf("run", "--rm", "--env", "GREETING=hello", image, "sh", "-c", "echo $GREETING; exit 7");
        assertThat(result.out()).isEqualTo("hello\n");
        assertThat(result.exit()).isEqualTo(7);
        assertThat(daemon.wharf("ps", "--quiet").ok().lines()).isEmpty();
    }

    @Test
    void inputAndTerminalReachTheContainer() {
        assertThat(Programs.runWithInput(daemon.wharfCommand("run", "--rm", "-i", image, "cat"), "through\n")
                        .ok()
                        .out())
                .isEqualTo("through\n");
        List<String> run = daemon.wharfCommand("run", "--rm", "-t", "-i", image, "sh", "-c", "sleep 1; stty size; tty");
        assertThat(Programs.run(Programs.inTerminal(33, 77, run)).ok().out())
                .contains("33 77")
                .contains("/dev/pts/0");
    }

    @Test
    void aContainerInTheBackgroundIsListedExecutedInKilledAndRemoved() {
        daemon.wharf("run", "-d", "--name", "web", image, "sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done")
                .ok();
        assertThat(daemon.wharf("ps").ok().out()).containsPattern("web\\s+" + image + "\\s+running\\s+\\d+");
        assertThat(daemon.wharf("exec", "web", "sh", "-c", "echo inside; exit 5"))
                .satisfies(result -> assertThat(result.out()).isEqualTo("inside\n"))
                .satisfies(result -> assertThat(result.exit()).isEqualTo(5));
        assertThat(daemon.wharf("rm", "web").fails().err()).contains("web").contains("--force");
        daemon.wharf("kill", "-s", "TERM", "web").ok();
        Programs.await(
                "the container to stop", () -> daemon.wharf("ps").ok().out().contains("stopped (3)"));
        daemon.wharf("rm", "web").ok();
        assertThat(daemon.wharf("ps", "-q").ok().lines()).isEmpty();
    }

    @Test
    void listsAreJsonForMachines() {
        assertThat(daemon.wharf("--format", "json", "images").ok().out())
                .contains("\"" + image + "\"")
                .startsWith("[")
                .contains("sha256:");
    }

    @Test
    void anArchiveIsLoadedFromAFileAndFromAPipe() throws IOException {
        Path archive = BusyboxImage.archive(daemon.directory());
        assertThat(daemon.wharf("load", archive.toString()).ok().out()).matches("docker.io/\\S+ sha256:\\S+\n");
        List<String> piped = daemon.wharfCommand("load", "--digests", "--base-name", "example.com/piped", "-");
        assertThat(Programs.run("sh", "-c", "cat " + archive + " | " + String.join(" ", piped))
                        .ok()
                        .out())
                .contains("example.com/piped@sha256:");
        assertThat(daemon.wharf("load", "/etc/hostname").fails().err()).contains("archive");
        assertThat(daemon.ctr("leases", "ls", "-q").ok().lines()).isEmpty();
        for (String name : daemon.wharf("images", "-q").ok().lines()) {
            if (!name.equals(image)) {
                daemon.wharf("rmi", name).ok();
            }
        }
    }

    @Test
    void platformsAreChosenAndUnpackingCanBeLeftOut() {
        assertThat(daemon.wharf("pull", "--plain-http", "--format", "json", "--all-platforms", "--no-unpack", image)
                        .ok()
                        .out())
                .startsWith("[{\"name\":\"" + image + "\"");
    }

    @Test
    void credentialsOfTheOneWhoPullsReachTheRegistryThroughTheDaemon() throws IOException {
        try (Registry secured = Registry.secured()) {
            String locked = secured.pushBusybox();
            assertThat(daemon.wharf("pull", "--plain-http", locked).fails().err())
                    .contains("user and a password");
            assertThat(daemon.wharf("pull", "--plain-http", "-u", "me:wrong", locked)
                            .fails()
                            .err())
                    .contains("127.0.0.1");
            daemon.wharf("pull", "--plain-http", "-u", "me:s3cret", locked).ok();
            daemon.wharf("rmi", locked).ok();

            Path config = Files.createDirectories(daemon.directory().resolve("docker"));
            String pair = Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
            String host = locked.substring(0, locked.indexOf('/'));
            Files.writeString(
                    config.resolve("config.json"), "{\"auths\":{\"" + host + "\":{\"auth\":\"" + pair + "\"}}}");
            List<String> pull = daemon.wharfCommand("pull", "--plain-http", locked);
            Programs.run("env", "DOCKER_CONFIG=" + config, "sh", "-c", String.join(" ", pull))
                    .ok();
            daemon.wharf("rmi", locked).ok();
        }
    }

    @Test
    void theNativeSnapshotterAndAShimByPathCanBeChosen() {
        daemon.wharf("pull", "--plain-http", "--snapshotter", "native", image).ok();
        assertThat(daemon.wharf(
                                "run",
                                "--rm",
                                "--snapshotter",
                                "native",
                                "--runtime",
                                "/usr/bin/containerd-shim-runc-v2",
                                image,
                                "cat",
                                "/etc/hostname")
                        .ok()
                        .out())
                .isEqualTo("busybox\n");
    }

    @Test
    void errorsSayWhatToDo() {
        assertThat(daemon.wharf("run", "--rm", "example.invalid/none:1", "true")
                        .fails()
                        .err())
                .contains("example.invalid");
        assertThat(daemon.wharf("exec", "nobody", "true").fails().err()).contains("nobody");
        assertThat(daemon.wharf("imagse").fails().err()).contains("images");
        Programs.Result noDaemon = Programs.run(
                List.of(Daemon.DIST.resolve("bin/wharf").toString(), "--address", "/run/wharf-test-none.sock", "ps"));
        assertThat(noDaemon.fails().err()).contains("/run/wharf-test-none.sock").contains("wharfd");
        assertThat(noDaemon.err().lines()).hasSize(1);
    }
}
