package dev.wharf.services.images;

import static dev.wharf.services.testing.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import dev.wharf.api.services.images.v1.CreateImageRequest;
import dev.wharf.api.services.images.v1.DeleteImageRequest;
import dev.wharf.api.services.images.v1.GetImageRequest;
import dev.wharf.api.services.images.v1.Image;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.images.v1.ImagesGrpc.ImagesBlockingStub;
import dev.wharf.api.services.images.v1.ListImagesRequest;
import dev.wharf.api.services.images.v1.UpdateImageRequest;
import dev.wharf.api.types.Descriptor;
import dev.wharf.services.testing.TestServer;
import io.grpc.Status;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageServiceTest {
    private TestServer server;
    private ImagesBlockingStub images;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
        images = server.stub(ImagesGrpc::newBlockingStub);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final Descriptor TARGET = Descriptor.newBuilder()
            .setMediaType("application/vnd.oci.image.index.v1+json")
            .setDigest(DIGEST)
            .setSize(7)
            .putAnnotations("x", "y")
            .build();

    private static Image.Builder image(String name) {
        return Image.newBuilder().setName(name).putLabels("l", "1").setTarget(TARGET);
    }

    private void create(String name) {
        images.create(CreateImageRequest.newBuilder().setImage(image(name)).build());
    }

    @Test
    void createdImageIsFound() {
        create("a");

        Image found =
                images.get(GetImageRequest.newBuilder().setName("a").build()).getImage();

        assertThat(found.getName()).isEqualTo("a");
        assertThat(found.getLabelsMap()).isEqualTo(Map.of("l", "1"));
        assertThat(found.getTarget()).isEqualTo(TARGET);
    }

    @Test
    void timesOfAClientDoNotCountButSourceDateEpochDoes() {
        Timestamp time = Timestamp.newBuilder().setSeconds(99).build();
        images.create(CreateImageRequest.newBuilder()
                .setImage(image("a").setCreatedAt(time))
                .build());
        images.create(CreateImageRequest.newBuilder()
                .setImage(image("b"))
                .setSourceDateEpoch(time)
                .build());

        assertThat(server.images.get(TestServer.CTX, "a").createdAt()).isEqualTo(Instant.EPOCH);
        assertThat(server.images.get(TestServer.CTX, "b").createdAt()).isEqualTo(Instant.ofEpochSecond(99));
    }

    @Test
    void imageMustHaveANameAndATarget() {
        refused(Status.Code.INVALID_ARGUMENT, "Image.Name required", () -> create(""));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "Image.Name required",
                () -> images.update(UpdateImageRequest.getDefaultInstance()));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid argument",
                () -> images.create(CreateImageRequest.newBuilder()
                        .setImage(image("a").clearTarget())
                        .build()));
    }

    @Test
    void secondImageOfANameIsRefused() {
        create("a");

        refused(Status.Code.ALREADY_EXISTS, "image \"a\": already exists", () -> create("a"));
    }

    @Test
    void listKeepsToTheFilters() {
        create("a");
        create("b");

        var found =
                images.list(ListImagesRequest.newBuilder().addFilters("name==b").build());

        assertThat(found.getImagesList()).extracting(Image::getName).containsExactly("b");
    }

    @Test
    void updatePassesTheMaskOn() {
        create("a");

        images.update(UpdateImageRequest.newBuilder()
                .setImage(image("a").putLabels("k", "v"))
                .setUpdateMask(FieldMask.newBuilder().addPaths("labels.k").addPaths("target"))
                .build());

        assertThat(server.images.lastPaths).containsExactly("labels.k", "target");
        assertThat(server.images.get(TestServer.CTX, "a").labels()).containsEntry("k", "v");
    }

    @Test
    void updateOfLabelsNeedNotNameTheTarget() {
        create("a");

        Image updated = images.update(UpdateImageRequest.newBuilder()
                        .setImage(Image.newBuilder().setName("a"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("labels.k"))
                        .build())
                .getImage();

        assertThat(updated.getTarget().getDigest()).isEqualTo(DIGEST);
    }

    @Test
    void updateOfEverythingMustNameTheTarget() {
        create("a");

        refused(
                Status.Code.INVALID_ARGUMENT,
                "invalid argument",
                () -> images.update(UpdateImageRequest.newBuilder()
                        .setImage(Image.newBuilder().setName("a"))
                        .build()));
    }

    @Test
    void badMaskIsRefused() {
        create("a");

        refused(
                Status.Code.INVALID_ARGUMENT,
                "cannot update \"nonsense\" field: invalid argument",
                () -> images.update(UpdateImageRequest.newBuilder()
                        .setImage(image("a"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("nonsense"))
                        .build()));
    }

    @Test
    void onlyASynchronousDeleteCollectsGarbage() {
        create("a");
        create("b");

        images.delete(DeleteImageRequest.newBuilder().setName("a").build());
        assertThat(server.collections).hasValue(0);
        assertThat(server.images.lastTarget).isEmpty();

        images.delete(DeleteImageRequest.newBuilder()
                .setName("b")
                .setSync(true)
                .setTarget(TARGET)
                .build());
        assertThat(server.collections).hasValue(1);
        assertThat(server.images.lastTarget)
                .hasValueSatisfying(
                        target -> assertThat(target.digest().toString()).isEqualTo(DIGEST));
    }

    @Test
    void deleteOfAbsentImageIsNotFoundAndCollectsNothing() {
        refused(
                Status.Code.NOT_FOUND,
                "not found",
                () -> images.delete(DeleteImageRequest.newBuilder()
                        .setName("a")
                        .setSync(true)
                        .build()));
        assertThat(server.collections).hasValue(0);
    }
}
