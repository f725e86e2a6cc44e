package dev.wharf.cmd.shim.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output to programs, {@code binary://}. */
class LoggerTest {
    @TempDir
    private Path work;

    private Shim shim;

    @BeforeEach
    void startShim() throws Exception {
        shim = Shim.start(work);
    }

    @AfterEach
    void clear() throws Exception {
        shim.clear();
    }

    private Path script(String text) throws Exception {
        Path script = work.resolve("logger.sh");
        Files.writeString(script, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private void create(String uri) throws Exception {
        TestBundle bundle = TestBundle.create(work.resolve("bundle"), "sh", "-c", "echo out; echo err >&2")
                .filled();
        shim.tasks()
                .create(
                        Shim.CALL,
                        shim.request("c", bundle).setStdout(uri).setStderr(uri).build());
    }

    @Test
    void loggerGetsOutputNamesAndArguments() throws Exception {
        Path logger = script(
                "exec 5>&-\n(cat <&3; cat <&4; echo \"$CONTAINER_NAMESPACE $CONTAINER_ID $*\") > " + work + "/log\n");
        create("binary://" + logger + "?key=a%20value");
        shim.start("c");
        assertThat(shim.wait("c")).isZero();
        shim.delete("c");
        assertThat(work.resolve("log")).hasContent("out\nerr\nshim-test c key a value\n");
    }

    @Test
    void secondVersionHasToSayThatItIsReady() throws Exception {
        Path logger = script("exec 5>&-\ncat <&3 > /dev/null\n");
        assertThatThrownBy(() -> create("binary-v2://" + logger)).hasMessageContaining("did not call ready");
        assertThat(shim.tasks().isEmpty()).isTrue();
    }

    @Test
    void unknownSchemeIsRefused() {
        assertThatThrownBy(() -> create("carrier-pigeon:///nest"))
                .hasMessageContaining("unknown STDIO scheme carrier-pigeon");
    }
}
