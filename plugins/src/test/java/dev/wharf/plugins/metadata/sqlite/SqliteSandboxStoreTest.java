package dev.wharf.plugins.metadata.sqlite;

import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.CTX;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.OTHER;
import static dev.wharf.plugins.metadata.sqlite.MetadataFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.containers.Container;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.sandbox.Sandbox;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.testkit.dirs.TempDirs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteSandboxStoreTest {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    private static final TypedValue VALUE = new TypedValue("type", new byte[] {1});

    private static Sandbox sandbox(String id, Map<String, String> labels, String runtime) {
        return new Sandbox(
                id,
                labels,
                new Container.Runtime(runtime, VALUE),
                null,
                "podsandbox",
                Map.of("x", VALUE),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Test
    void aSandboxLivesAndIsReadAsItWasWritten() {
        Sandbox made = metadata.sandboxes.create(CTX, sandbox("s", Map.of("a", "1"), "r"));

        assertThat(metadata.sandboxes.get(CTX, "s")).isEqualTo(made);
        assertThat(made.createdAt()).isEqualTo(metadata.clock.instant());
        assertThat(metadata.sandboxes.list(CTX, List.of("labels.a==1"))).containsExactly(made);
        assertThat(metadata.sandboxes.list(CTX, List.of("labels.a==2"))).isEmpty();
        assertThat(metadata.sandboxes.list(OTHER, List.of())).isEmpty();
        assertFails(
                ErrorKind.ALREADY_EXISTS,
                "already exists",
                () -> metadata.sandboxes.create(CTX, sandbox("s", Map.of(), "r")));
        metadata.sandboxes.delete(CTX, "s");
        assertFails(ErrorKind.NOT_FOUND, "not found", () -> metadata.sandboxes.get(CTX, "s"));
        assertFails(ErrorKind.NOT_FOUND, "not found", () -> metadata.sandboxes.delete(CTX, "s"));
    }

    @Test
    void updateChangesWhatItsPathsName() {
        metadata.sandboxes.create(CTX, sandbox("s", Map.of("a", "1"), "r"));

        Sandbox one =
                metadata.sandboxes.update(CTX, sandbox("s", Map.of("b", "2"), "r2"), List.of("labels.b", "runtime"));
        assertThat(one.labels()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(one.runtime().name()).isEqualTo("r2");
        assertThat(metadata.sandboxes.get(CTX, "s")).isEqualTo(one);
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "sandbox.Runtime.Name field is immutable",
                () -> metadata.sandboxes.update(CTX, sandbox("s", Map.of(), "r3"), List.of()));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "cannot update \"id\" field on sandbox \"s\"",
                () -> metadata.sandboxes.update(CTX, sandbox("s", Map.of(), "r3"), List.of("id")));
        assertFails(
                ErrorKind.INVALID_ARGUMENT,
                "invalid sandbox ID",
                () -> metadata.sandboxes.create(CTX, sandbox("not good", Map.of(), "r")));
    }
}
