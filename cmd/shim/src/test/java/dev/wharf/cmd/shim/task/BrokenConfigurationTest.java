package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wharf.api.types.task.Status;
import dev.wharf.shim.ShimException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config.json that is none: Create fails in words, leaves nothing, and the container beside it goes on. */
class BrokenConfigurationTest {
    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
        TestBundle beside =
                TestBundle.create(work.resolve("beside"), "sleep", "1000").filled();
        shim.tasks().create(Shim.CALL, shim.request("beside", beside).build());
        shim.start("beside");
    }

    @AfterEach
    void clear() throws Exception {
        assertThat(shim.status("beside")).isEqualTo(Status.RUNNING);
        shim.clear();
        assertThat(shim.tasks().isEmpty()).isTrue();
    }

    private String refusal(UnaryOperator<String> change) throws Exception {
        TestBundle bundle = TestBundle.create(work.resolve("broken"), "true");
        Path config = bundle.directory().resolve("config.json");
        Files.writeString(config, change.apply(Files.readString(config)));
        String refusal = String.valueOf(catchThrowableOfType(
                        ShimException.class,
                        () -> shim.tasks()
                                .create(
                                        Shim.CALL,
                                        shim.request("broken", bundle).build()))
                .getMessage());
        assertThat(bundle.directory().resolve("wharf-shim.json")).doesNotExist();
        return refusal;
    }

    @Test
    void whatIsNoJsonIsRefused() throws Exception {
        assertThat(refusal(text -> "this is no JSON")).contains("invalid character");
        assertThat(refusal(text -> "")).contains("EOF");
        assertThat(refusal(text -> text.substring(0, text.length() / 2))).contains("EOF");
        assertThat(refusal(text -> "{\"linux\":" + "[".repeat(200_000))).isNotEmpty();
    }

    @Test
    void whatIsNoConfigurationIsRefused() throws Exception {
        assertThat(refusal(text -> "[1, 2, 3]")).contains("cannot unmarshal array");
        assertThat(refusal(text -> "{}")).isNotEmpty();
        assertThat(refusal(text -> text.replace("\"true\"", "7"))).contains("cannot unmarshal number");
        assertThat(refusal(text -> text.replace("rootfs", "nowhere"))).contains("nowhere");
    }

    @Test
    void aMissingOneIsNamed() throws Exception {
        TestBundle bundle = TestBundle.create(work.resolve("broken"), "true");
        Files.delete(bundle.directory().resolve("config.json"));
        assertThat(catchThrowableOfType(
                                ShimException.class,
                                () -> shim.tasks()
                                        .create(
                                                Shim.CALL,
                                                shim.request("broken", bundle).build()))
                        .getMessage())
                .contains("config.json");
    }

    /** Our own program reads a socket mount's configuration before the engine does. */
    @Test
    void oneThatIsChangedHereIsRefusedAsWell() throws Exception {
        assertThat(refusal(text -> "\"uds\", " + text)).contains("config.json");
    }
}
