package dev.wharf.plugins.runtime.shim;

import static dev.wharf.plugins.runtime.shim.ShimTaskRuntimeTest.is;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.api.runtime.bootstrap.v1.BootstrapResult;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShimEndpointTest {
    private static final ShimEndpoint V2 = new ShimEndpoint(2, "unix:///run/containerd/s/abc", "ttrpc");

    @Test
    void answersOfAllAgesAreUnderstood() {
        assertThat(parse("unix:///run/containerd/s/abc")).isEqualTo(V2);
        assertThat(parse("\nunix:///run/containerd/s/abc\n")).isEqualTo(V2);
        assertThat(parse("WARN: old kernel, see https://x.example for help\nunix:///run/containerd/s/abc"))
                .isEqualTo(V2);
        assertThat(parse("{\"version\":2,\"address\":\"unix:///run/containerd/s/abc\",\"protocol\":\"ttrpc\"}\n"))
                .isEqualTo(V2);
        assertThat(ShimEndpoint.parse(BootstrapResult.newBuilder()
                        .setVersion(3)
                        .setAddress("unix:///run/containerd/s/abc")
                        .setProtocol("ttrpc")
                        .putMetadata("a", "b")
                        .build()
                        .toByteArray()))
                .isEqualTo(new ShimEndpoint(3, "unix:///run/containerd/s/abc", "ttrpc"));
    }

    @Test
    void otherAnswersAreRefusedWithWhatWasSaid() {
        assertThatThrownBy(() -> parse("")).hasMessageContaining("printed no address");
        assertThatThrownBy(() -> parse("{\"version\":3,")).hasMessageContaining("version");
        assertThatThrownBy(() -> parse("{\"version\":4,\"address\":\"unix:///x\"}"))
                .satisfies(is(ErrorKind.NOT_IMPLEMENTED));
        assertThatThrownBy(() -> parse("x".repeat(10_000)))
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void anyBytesAreEitherUnderstoodOrRefusedAsShimsFault() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] answer = new byte[random.nextInt(40)];
            random.nextBytes(answer);
            try {
                assertThat(ShimEndpoint.parse(answer).address()).isNotBlank();
            } catch (WharfException e) {
                assertThat(e.kind()).isIn(ErrorKind.UNKNOWN, ErrorKind.NOT_IMPLEMENTED);
            }
        }
    }

    @Test
    void fileIsReadAsItWasWritten() {
        assertThat(ShimEndpoint.parseJson(V2.toJson())).isEqualTo(V2);
        assertThat(V2.connectable()).isEqualTo(Path.of("/run/containerd/s/abc"));
    }

    @Test
    void abstractSocketsAreRefused() {
        assertThatThrownBy(() -> new ShimEndpoint(2, "unix://@abc", "ttrpc").connectable())
                .satisfies(is(ErrorKind.NOT_IMPLEMENTED));
    }

    private static ShimEndpoint parse(String answer) {
        return ShimEndpoint.parse(answer.getBytes(StandardCharsets.UTF_8));
    }
}
