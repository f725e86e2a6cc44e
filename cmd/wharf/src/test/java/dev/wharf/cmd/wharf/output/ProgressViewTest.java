package dev.wharf.cmd.wharf.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressViewTest {
    private static final Descriptor LAYER =
            new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.sha256(new byte[] {1}), 2048);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void whereNobodyWatchesThereIsALineForWhatIsDone() {
        show(false, step("waiting", 0), step("downloading", 1024), step("complete", 2048), step("extracted", 2048));

        assertThat(text()).isEqualTo("stored sha256:4bf5122f3445 2.0 KiB\nunpacked sha256:4bf5122f3445\n");
    }

    @Test
    void whatWasThereIsKept() {
        show(false, step("already exists", 2048));

        assertThat(text()).isEqualTo("kept sha256:4bf5122f3445 2.0 KiB\n");
    }

    @Test
    void onATerminalOneLineIsDrawnAnewAndTakenAway() {
        show(true, step("downloading", 1024), step("complete", 2048), step("extracted", 2048));

        assertThat(text())
                .contains("1.0 KiB of 2.0 KiB, 0 of 1 blobs")
                .contains("2.0 KiB of 2.0 KiB, 1 of 1 blobs, 1 layers unpacked")
                .doesNotContain("\n")
                .endsWith("\r\033[K");
    }

    @Test
    void whatIsNotKnownAndTheWholeArePassedOver() {
        show(false, Progress.of("Resolving"), step("frobnicated", 1));

        assertThat(text()).isEmpty();
    }

    private void show(boolean terminal, Progress... steps) {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (ProgressView view = new ProgressView(stream, terminal)) {
            List.of(steps).forEach(view::on);
        }
    }

    private static Progress step(String event, long done) {
        return new Progress(event, "layer", List.of(), done, LAYER.size(), LAYER);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
