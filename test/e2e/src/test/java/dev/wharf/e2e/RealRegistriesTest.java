package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Pulls from docker-registry with a login, with a certificate of an authority of its own, and through a mirror that
 * fetches from another registry: by stock {@code ctr}, which pulls in the client, and by the daemon.
 */
final class RealRegistriesTest {
    private static Daemon daemon;
    private static Authority authority;
    private static Registry secured;
    private static Registry upstream;
    private static Registry mirror;
    private static Transfers transfers;

    @BeforeAll
    static void start() {
        daemon = Daemon.launchIn("wharf-registries");
        transfers = Transfers.of(daemon);
        authority = Authority.in(daemon.directory());
        secured = Registry.secured(authority);
        secured.pushBusybox();
        upstream = Registry.encrypted(authority);
        upstream.pushBusybox();
        mirror = Registry.mirrorOf(upstream, authority);
    }

    @AfterAll
    static void stop() {
        try {
            transfers.close();
            daemon.close();
        } finally {
            for (Registry registry : new Registry[] {mirror, upstream, secured}) {
                if (registry != null) {
                    registry.close();
                }
            }
        }
    }

    private static String busyboxAt(Registry registry) {
        return registry.host() + "/library/busybox:latest";
    }

    private static HostsDirectory hosts() {
        return HostsDirectory.in(daemon.directory());
    }

    /** What is said of a registry whose certificate is of our authority. */
    private static String encrypted(Registry registry) {
        return "server = \"https://%s\"\nca = \"%s\"\n".formatted(registry.host(), authority.authority());
    }

    private static String thenMirror(String mirror) {
        return "[host.\"http://%s\"]\ncapabilities = [\"pull\", \"resolve\"]\n".formatted(mirror);
    }

    /** Runs a container of an image, deletes the image, and checks that all of it was there and is gone. */
    private static void runsAndGoes(String image) {
        assertThat(daemon.ctr("images", "check").ok().out()).containsPattern("complete \\(3/3\\).*true");
        assertThat(daemon.ctr("run", "--rm", image, "pulled", "echo", "ran")
                        .ok()
                        .out())
                .isEqualTo("ran\n");
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private static Status failure(Runnable pull) {
        return Status.fromThrowable(catchThrowable(pull::run));
    }

    @Test
    void ctrLogsInOverTls() {
        // ctr 1.6 takes no file without a host section.
        HostsDirectory hosts = hosts().with(
                        secured.host(),
                        "[host.\"https://%s\"]\ncapabilities = [\"pull\", \"resolve\"]\nca = \"%s\"\n"
                                .formatted(secured.host(), authority.authority()));
        String image = busyboxAt(secured);
        daemon.ctr(
                        "images",
                        "pull",
                        "--hosts-dir",
                        hosts.path().toString(),
                        "--user",
                        Registry.USER + ":" + Registry.PASSWORD,
                        image)
                .ok();
        runsAndGoes(image);
    }

    @Test
    void theDaemonLogsInOverTls() {
        HostsDirectory hosts = hosts().with(secured.host(), encrypted(secured));
        transfers.pull(busyboxAt(secured), hosts, Registry.USER, Registry.PASSWORD);
        runsAndGoes(busyboxAt(secured));
    }

    @Test
    void aWrongPasswordIsToldWithHostRequestAndAdvice() {
        HostsDirectory hosts = hosts().with(secured.host(), encrypted(secured));
        Status status = failure(() -> transfers.pull(busyboxAt(secured), hosts, Registry.USER, "guessed"));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(status.getDescription())
                .contains(secured.host(), "HEAD https://", "/v2/library/busybox/manifests/latest", "status 401")
                .contains("check user and password");
        Status nobody = failure(() -> transfers.pull(busyboxAt(secured), hosts));
        assertThat(nobody.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(nobody.getDescription()).contains(secured.host(), "log in");
    }

    @Test
    void anUnknownAuthorityIsToldWithWhatToDo() {
        HostsDirectory hosts = hosts().with(upstream.host(), "server = \"https://%s\"\n".formatted(upstream.host()));
        Status status = failure(() -> transfers.pull(busyboxAt(upstream), hosts));
        assertThat(status.getDescription())
                .contains(upstream.host(), "/v2/library/busybox/manifests/latest", "TLS")
                .contains("authority that is not trusted: give its file as ca in the hosts.toml");
        transfers.pull(busyboxAt(upstream), hosts().with(upstream.host(), encrypted(upstream)));
        runsAndGoes(busyboxAt(upstream));
    }

    @Test
    void ctrPullsThroughAMirror() {
        HostsDirectory hosts = hosts().with(upstream.host(), encrypted(upstream) + thenMirror(mirror.host()));
        int before = mirror.blobsSent().size();
        daemon.ctr("images", "pull", "--hosts-dir", hosts.path().toString(), busyboxAt(upstream))
                .ok();
        assertThat(mirror.blobsSent()).as("blobs of the mirror").hasSizeGreaterThan(before);
        runsAndGoes(busyboxAt(upstream));
    }

    @Test
    void theDaemonPullsThroughAMirror() {
        HostsDirectory hosts = hosts().with(upstream.host(), encrypted(upstream) + thenMirror(mirror.host()));
        int before = mirror.blobsSent().size();
        transfers.pull(busyboxAt(upstream), hosts);
        assertThat(mirror.blobsSent()).as("blobs of the mirror").hasSizeGreaterThan(before);
        runsAndGoes(busyboxAt(upstream));
    }

    @Test
    void aMirrorThatDoesNotRunIsPassedOver() throws IOException {
        String nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + socket.getLocalPort();
        }
        HostsDirectory hosts = hosts().with(upstream.host(), encrypted(upstream) + thenMirror(nobody));
        transfers.pull(busyboxAt(upstream), hosts);
        runsAndGoes(busyboxAt(upstream));
        daemon.ctr("images", "pull", "--hosts-dir", hosts.path().toString(), busyboxAt(upstream))
                .ok();
        runsAndGoes(busyboxAt(upstream));
    }
}
