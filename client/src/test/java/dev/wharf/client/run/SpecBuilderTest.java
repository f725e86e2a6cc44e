package dev.wharf.client.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.client.image.ImageConfig;
import dev.wharf.client.json.Json;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Platform;
import dev.wharf.core.typeurl.TypedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The facts are those of containerd's pkg/oci. */
final class SpecBuilderTest {
    private static final ImageConfig CONFIG = new ImageConfig(
            Platform.host(),
            "user",
            List.of("PATH=/bin", "A=1"),
            List.of("entry"),
            List.of("cmd", "arg"),
            "/work",
            Map.of(),
            "",
            List.of());

    @Test
    void defaultsAreContainerds() {
        JsonNode spec = spec(defaults().args(List.of("true")));

        assertThat(texts(spec.path("process").path("capabilities").path("bounding")))
                .hasSize(14)
                .contains("CAP_CHOWN", "CAP_AUDIT_WRITE")
                .doesNotContain("CAP_SYS_ADMIN");
        assertThat(spec.path("process").path("capabilities").has("ambient")).isFalse();
        assertThat(spec.path("process").path("noNewPrivileges").booleanValue()).isTrue();
        assertThat(spec.path("process").path("cwd").stringValue()).isEqualTo("/");
        assertThat(texts(spec.path("process").path("env")))
                .containsExactly("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        assertThat(spec.path("process").path("rlimits").get(0).path("hard").intValue())
                .isEqualTo(1024);
        assertThat(spec.path("root").path("path").stringValue()).isEqualTo("rootfs");
        assertThat(spec.path("linux").path("cgroupsPath").stringValue()).isEqualTo("/ns/id");
        assertThat(members(spec.path("linux").path("namespaces"), "type"))
                .containsExactly("pid", "ipc", "uts", "mount", "network");
        assertThat(texts(spec.path("linux").path("maskedPaths"))).hasSize(11).contains("/proc/kcore");
        assertThat(texts(spec.path("linux").path("readonlyPaths"))).hasSize(5).contains("/proc/sys");
    }

    @Test
    void mountsAndDevicesAreContainerds() {
        JsonNode spec = spec(defaults().args(List.of("true")));

        assertThat(members(spec.path("mounts"), "destination"))
                .containsExactly("/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/run");
        JsonNode devices = spec.path("linux").path("resources").path("devices");
        assertThat(devices).hasSize(10);
        assertThat(devices.get(0).path("allow").booleanValue()).isFalse();
        assertThat(devices.get(8).path("major").intValue()).isEqualTo(136);
        assertThat(devices.get(8).has("minor")).isFalse();
    }

    @Test
    void theImageGivesCommandEnvironmentAndDirectory() {
        JsonNode process = spec(defaults().image(CONFIG)).path("process");

        assertThat(texts(process.path("args"))).containsExactly("entry", "cmd", "arg");
        assertThat(texts(process.path("env"))).containsExactly("PATH=/bin", "A=1");
        assertThat(process.path("cwd").stringValue()).isEqualTo("/work");
    }

    @Test
    void whatIsAskedForWinsOverTheImage() {
        JsonNode process = spec(defaults()
                        .image(CONFIG)
                        .args(List.of("sh"))
                        .env(List.of("A=2", "B=3"))
                        .cwd("/x")
                        .terminal()
                        .user(new UserIds(5, 6, List.of(6, 7))))
                .path("process");

        assertThat(texts(process.path("args"))).containsExactly("sh");
        assertThat(texts(process.path("env"))).containsExactly("PATH=/bin", "A=2", "B=3", "TERM=xterm");
        assertThat(process.path("cwd").stringValue()).isEqualTo("/x");
        assertThat(process.path("terminal").booleanValue()).isTrue();
        assertThat(process.path("user").toString()).isEqualTo("{\"uid\":5,\"gid\":6,\"additionalGids\":[6,7]}");
    }

    @Test
    void theNetworkOfTheMachineComesWithItsFiles() {
        JsonNode spec = spec(defaults().args(List.of("true")).hostNetwork("host"));

        assertThat(members(spec.path("linux").path("namespaces"), "type")).doesNotContain("network");
        assertThat(members(spec.path("mounts"), "destination")).contains("/etc/hosts", "/etc/resolv.conf");
        assertThat(texts(spec.path("process").path("env"))).contains("HOSTNAME=host");
    }

    @Test
    void limitsAndReadOnlyRootAreSet() {
        JsonNode spec = spec(
                defaults().args(List.of("true")).memory(1 << 20).readOnlyRoot().hostname("box"));

        assertThat(spec.path("linux")
                        .path("resources")
                        .path("memory")
                        .path("limit")
                        .longValue())
                .isEqualTo(1 << 20);
        assertThat(spec.path("root").path("readonly").booleanValue()).isTrue();
        assertThat(spec.path("hostname").stringValue()).isEqualTo("box");
    }

    @Test
    void withoutACommandThereIsNoSpec() {
        assertThatThrownBy(() -> defaults().build())
                .isInstanceOf(WharfException.class)
                .hasMessageContaining("no command");
    }

    private static SpecBuilder defaults() {
        return SpecBuilder.defaults("ns", "id");
    }

    private static JsonNode spec(SpecBuilder builder) {
        TypedValue value = builder.build();
        assertThat(value.typeUrl()).isEqualTo(TypedValue.SPEC);
        return Json.parse(value.value(), "spec");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.stringValue()));
        return texts;
    }

    private static List<String> members(JsonNode array, String name) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.path(name).stringValue()));
        return texts;
    }
}
