package dev.wharf.core.transfer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.transfer.TransferEnd;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageTreeTest {
    private final ImageTree tree = new ImageTree(TransferEnd.Store.named("x"));

    private static ImageTree.Node index(int number, int depth) {
        Digest digest = Digest.sha256(String.valueOf(number).getBytes(StandardCharsets.UTF_8));
        return new ImageTree.Node(new Descriptor(MediaTypes.OCI_INDEX, digest, 1, Map.of()), true, depth);
    }

    private void isRefused(ImageTree.Node node, String text) {
        assertThatThrownBy(() -> tree.enter(node))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.RESOURCE_EXHAUSTED))
                .hasMessageContaining(text);
    }

    @Test
    void aPartIsEnteredOnceHoweverDeepItIsMet() {
        assertThat(tree.enter(index(1, 0))).isTrue();
        assertThat(tree.enter(index(1, 3))).isFalse();
    }

    @Test
    void indexesNestedTooDeepAreRefused() {
        assertThat(tree.enter(index(1, 4))).isTrue();
        isRefused(index(2, 5), "nest deeper than 4");
    }

    @Test
    void tooManyDocumentsAreRefused() {
        for (int i = 0; i < 4096; i++) {
            assertThat(tree.enter(index(i, 1))).isTrue();
        }
        isRefused(index(4096, 1), "more than 4096 documents");
    }
}
