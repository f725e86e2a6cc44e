package dev.wharf.lib.registry.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.RegistryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigTest {
    @TempDir
    Path dir;

    private DockerConfig config(String text) throws IOException {
        return config(text, Duration.ofSeconds(30));
    }

    private DockerConfig config(String text, Duration deadline) throws IOException {
        return new DockerConfig(Files.writeString(dir.resolve("config.json"), text), Optional.of(dir), deadline);
    }

    private void helper(String name, String script) throws IOException {
        Path file = Files.writeString(dir.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void storedCredentialsAreFoundByHost() throws IOException {
        DockerConfig config = config("""
                {"auths": {
                 "https://index.docker.io/v1/": {"auth": "bWU6aHViOnB3"},
                 "reg.test:5000": {"username": "you", "password": "pw"},
                 "http://old.test/v1/": {"identitytoken": "tok"},
                 "empty.test": {}}}""");
        assertThat(config.forHost("docker.io")).hasValue(new Credentials("me", "hub:pw"));
        assertThat(config.forHost("reg.test:5000")).hasValue(new Credentials("you", "pw"));
        assertThat(config.forHost("old.test")).hasValue(new Credentials("", "tok"));
        assertThat(config.forHost("empty.test")).isEmpty();
        assertThat(config.forHost("reg.test")).isEmpty();
    }

    @Test
    void missingFileMeansNobody() {
        assertThat(new DockerConfig(dir.resolve("none")).forHost("reg.test")).isEmpty();
        assertThat(DockerConfig.usualFile(Map.of("HOME", "/h"))).hasToString("/h/.docker/config.json");
        assertThat(DockerConfig.usualFile(Map.of("DOCKER_CONFIG", "/d"))).hasToString("/d/config.json");
    }

    @Test
    void brokenFilesAreReportedWithoutTheirSecrets() throws IOException {
        assertThatThrownBy(() -> config("{\"auths\": {\"reg.test\": {\"auth\": \"s3cr$t\"}}}")
                        .forHost("reg.test"))
                .hasMessageContaining("config.json")
                .hasMessageNotContaining("s3cr")
                .hasNoCause();
        assertThatThrownBy(() -> config("{\"auths\": s3cret").forHost("reg.test"))
                .hasMessageContaining("not valid JSON")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void helpersAreAskedByHostThenTheStore() throws IOException {
        helper("one", "read -r server; echo \"{\\\"Username\\\":\\\"$1 $server\\\",\\\"Secret\\\":\\\"s\\\"}\"");
        helper(
                "store",
                "read -r server; [ \"$server\" = https://index.docker.io/v1/ ] || {"
                        + " echo 'credentials not found in native keychain'; exit 1; }\n"
                        + "echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'");
        DockerConfig config = config("""
                {"credHelpers": {"reg.test": "one"}, "credsStore": "store",
                 "auths": {"other.test": {"username": "u", "password": "p"}}}""");
        assertThat(config.forHost("reg.test")).hasValue(new Credentials("get reg.test", "s"));
        assertThat(config.forHost("docker.io")).hasValue(new Credentials("", "t"));
        assertThat(config.forHost("other.test")).hasValue(new Credentials("u", "p"));
    }

    @Test
    void helpersThatFailAreNamed() throws IOException {
        helper("broken", "echo 'keychain is locked'; exit 2");
        helper("silent", "exec sleep 100");
        helper("endless", "yes | head -c 1000000");
        helper("babble", "echo s3cret");
        assertFails("broken", "status 2: keychain is locked", Duration.ofSeconds(30));
        assertFails("silent", "no answer within", Duration.ofMillis(300));
        assertFails("endless", "more than 65536 bytes", Duration.ofSeconds(30));
        assertFails("babble", "no valid JSON", Duration.ofSeconds(30));
        assertFails("absent", "installed", Duration.ofSeconds(30));
        assertThatThrownBy(() -> config("{\"credsStore\": \"../x\"}").forHost("reg.test"))
                .hasMessageContaining("not valid");
    }

    private void assertFails(String helper, String message, Duration deadline) throws IOException {
        DockerConfig config = config("{\"credsStore\": \"" + helper + "\"}", deadline);
        assertThatThrownBy(() -> config.forHost("reg.test"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContainingAll("docker-credential-" + helper, message)
                .hasMessageNotContaining("s3cret");
    }
}
