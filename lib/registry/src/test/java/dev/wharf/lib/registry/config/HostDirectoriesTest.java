package dev.wharf.lib.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.registry.Capability;
import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.config.MirrorTable.HostConfig;
import dev.wharf.lib.registry.tls.HostTls;
import dev.wharf.lib.registry.tls.HostTls.ClientPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostDirectoriesTest {
    @TempDir
    Path root;

    private final List<String> warnings = new ArrayList<>();

    private List<RegistryHost> hosts(String name) {
        return new HostDirectories(List.of(root), false, warnings::add).of(name);
    }

    private static List<RegistryHost> parse(String text) {
        return HostsFile.parse(
                text.getBytes(StandardCharsets.UTF_8), Path.of("/dir"), RegistryHost.of("reg.test", false));
    }

    private static List<String> bases(List<RegistryHost> hosts) {
        return hosts.stream().map(host -> host.base().toString()).toList();
    }

    @Test
    void everyKeyIsRead() {
        List<RegistryHost> hosts = parse("""
                server = "https://reg.test"
                ca = "top.pem"
                [host."https://mirror.test:5000"]
                capabilities = ["pull", "Resolve"]
                ca = ["a.pem", "/abs/b.pem"]
                client = [["c.cert", "c.key"], "both.pem"]
                skip_verify = true
                dial_timeout = "1m0.5s"
                [host."https://mirror.test:5000".header]
                X-One = "1"
                x-two = ["2", "3"]
                [host."http://plain.test/some/path/"]
                client = "one.pem"
                override_path = true
                """);
        assertThat(bases(hosts))
                .containsExactly(
                        "https://mirror.test:5000/v2/", "http://plain.test/some/path/", "https://reg.test/v2/");
        RegistryHost mirror = hosts.getFirst();
        assertThat(mirror.name()).isEqualTo("reg.test");
        assertThat(mirror.capabilities()).containsExactlyInAnyOrder(Capability.PULL, Capability.RESOLVE);
        assertThat(mirror.headers()).isEqualTo(Map.of("X-One", List.of("1"), "x-two", List.of("2", "3")));
        assertThat(mirror.dialTimeout()).isEqualTo(Duration.ofMillis(60_500));
        assertThat(mirror.tls())
                .isEqualTo(new HostTls(
                        List.of(Path.of("/dir/a.pem"), Path.of("/abs/b.pem")),
                        List.of(
                                new ClientPair(Path.of("/dir/c.cert"), Path.of("/dir/c.key")),
                                new ClientPair(Path.of("/dir/both.pem"), null)),
                        true));
        assertThat(hosts.get(1).tls().clients()).containsExactly(new ClientPair(Path.of("/dir/one.pem"), null));
        assertThat(hosts.get(1).capabilities()).isEqualTo(Capability.ALL);
        assertThat(hosts.get(2).tls().authorities()).containsExactly(Path.of("/dir/top.pem"));
    }

    @ParameterizedTest
    @CsvSource({
        "mirror.test, https://mirror.test/v2/",
        "http://mirror.test, http://mirror.test/v2/",
        "https://mirror.test/v2, https://mirror.test/v2/",
        "https://mirror.test/a/../b/, https://mirror.test/b/v2/",
        "https://mirror.test/b/v2/, https://mirror.test/b/v2/",
        "'[::1]:5000', 'https://[::1]:5000/v2/'",
    })
    void urlsGetSchemeAndPath(String url, String base) {
        assertThat(bases(parse("server = \"" + url + "\""))).containsExactly(base);
        assertThat(bases(parse("[host.\"" + url + "\"]"))).containsExactly(base, "https://reg.test/v2/");
    }

    @Test
    void hostsKeepTheOrderOfTheFile() {
        StringBuilder text = new StringBuilder();
        List<String> wanted = new ArrayList<>();
        for (String name : List.of("z", "a", "m", "b", "y", "c", "k", "d", "x", "e")) {
            text.append("[host.\"https://").append(name).append(".test\"]\nskip_verify = true\n");
            text.append("[host.\"https://").append(name).append(".test\".header]\nX = \"1\"\n");
            wanted.add("https://" + name + ".test/v2/");
        }
        wanted.add("https://reg.test/v2/");
        assertThat(bases(parse(text.toString()))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server = 1",
                "server = \"http://\"",
                "server = \"https://me:pw@reg.test\"",
                "server = \"ftp://reg.test\"",
                "capabilities = [\"fly\"]",
                "capabilities = 3",
                "ca = 1",
                "ca = [1]",
                "client = [[\"only.cert\"]]",
                "client = [[\"a\", \"b\", \"c\"]]",
                "client = true",
                "skip_verify = \"yes\"",
                "dial_timeout = \"5\"",
                "dial_timeout = \"-5s\"",
                "dial_timeout = \"0s\"",
                "header = 1",
                "[header]\nx = 1",
                "host = 1\n[[[",
                "[host]\nx = 1",
            })
    void badFilesArePassedOverForCertificates(String text) throws IOException {
        Path dir = Files.createDirectory(root.resolve("reg.test"));
        Files.writeString(dir.resolve("hosts.toml"), text);
        Files.writeString(dir.resolve("my.crt"), "");
        List<RegistryHost> hosts = hosts("reg.test");
        assertThat(bases(hosts)).containsExactly("https://reg.test/v2/");
        assertThat(hosts.getFirst().tls().authorities()).containsExactly(dir.resolve("my.crt"));
        assertThat(warnings).singleElement().asString().contains("hosts.toml").doesNotContain("pw");
    }

    @Test
    void dockerStyleCertificatesAreTaken() throws IOException {
        Path dir = Files.createDirectory(root.resolve("reg.test:5000"));
        for (String name : List.of("ca.crt", "client.cert", "client.key", "single.cert", "readme")) {
            Files.writeString(dir.resolve(name), "");
        }
        assertThat(hosts("reg.test:5000").getFirst().tls())
                .isEqualTo(new HostTls(
                        List.of(dir.resolve("ca.crt")),
                        List.of(
                                new ClientPair(dir.resolve("client.cert"), dir.resolve("client.key")),
                                new ClientPair(dir.resolve("single.cert"), null)),
                        null));
    }

    @Test
    void directoriesAreSearchedInOrder() throws IOException {
        Path other = Files.createDirectory(root.resolve("other"));
        place(other.resolve("reg.test_5000_"), "underscored");
        HostDirectories both =
                new HostDirectories(HostDirectories.split(":" + root + ": " + other + ":"), false, warnings::add);
        assertThat(bases(both.of("reg.test:5000"))).contains("https://underscored.test/v2/");
        place(root.resolve("_default"), "default");
        assertThat(bases(both.of("reg.test:5000"))).contains("https://default.test/v2/");
        place(root.resolve("reg.test:5000"), "colon");
        assertThat(bases(both.of("reg.test:5000"))).contains("https://colon.test/v2/");
        place(root.resolve("reg.test_5000_"), "first");
        assertThat(bases(both.of("reg.test:5000")))
                .containsExactly("https://first.test/v2/", "https://reg.test:5000/v2/");
        assertThat(bases(both.of("docker.io"))).endsWith("https://registry-1.docker.io/v2/");
        assertThatThrownBy(() -> both.of("..")).hasMessageContaining("not valid");
    }

    private static void place(Path dir, String mirror) throws IOException {
        Files.createDirectory(dir);
        Files.writeString(dir.resolve("hosts.toml"), "[host.\"https://" + mirror + ".test\"]");
    }

    @Test
    void olderTablesListMirrorsThenTheRegistry() {
        HostTls tls = new HostTls(List.of(Path.of("/ca.pem")), List.of(), null);
        MirrorTable table = new MirrorTable(
                Map.of(
                        "docker.io", List.of("https://mirror.test", "localhost:5000/path"),
                        "*", List.of("https://all.test"),
                        "reg.test", List.of("http://reg.test")),
                Map.of("mirror.test", new HostConfig(tls, new Credentials("me", "secret"))));
        assertThat(bases(table.of("docker.io")))
                .containsExactly(
                        "https://mirror.test/v2/", "http://localhost:5000/path/", "https://registry-1.docker.io/v2/");
        assertThat(table.of("docker.io").getFirst().tls()).isEqualTo(tls);
        assertThat(table.of("docker.io").getFirst().capabilities())
                .isEqualTo(Set.of(Capability.PULL, Capability.RESOLVE, Capability.REFERRERS));
        assertThat(bases(table.of("other.test"))).containsExactly("https://all.test/v2/", "https://other.test/v2/");
        assertThat(bases(table.of("reg.test"))).containsExactly("http://reg.test/v2/");
        assertThat(table.forHost("mirror.test")).map(Credentials::secret).hasValue("secret");
        assertThat(table.forHost("docker.io")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io, https://registry-1.docker.io/v2/, ",
        "reg.test:443, https://reg.test:443/v2/, ",
        "localhost, https://localhost/v2/, true",
        "localhost:443, https://localhost:443/v2/, true",
        "localhost:80, http://localhost:80/v2/, ",
        "127.0.0.1:5000, http://127.0.0.1:5000/v2/, true",
        "'[::1]:5000', 'http://[::1]:5000/v2/', true",
        "127.test, https://127.test/v2/, ",
    })
    void registriesHaveTheirUsualPlaces(String name, String base, Boolean skipVerify) {
        RegistryHost host = hosts(name).getFirst();
        assertThat(host.base()).hasToString(base);
        assertThat(host.tls().skipVerify()).isEqualTo(skipVerify);
        assertThat(host.isMirror()).isFalse();
        assertThat(host.credentialHost()).isEqualTo(name);
    }
}
