package dev.wharf.services.images;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import dev.wharf.api.services.images.v1.CreateImageRequest;
import dev.wharf.api.services.images.v1.CreateImageResponse;
import dev.wharf.api.services.images.v1.DeleteImageRequest;
import dev.wharf.api.services.images.v1.GetImageRequest;
import dev.wharf.api.services.images.v1.GetImageResponse;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.images.v1.ListImagesRequest;
import dev.wharf.api.services.images.v1.ListImagesResponse;
import dev.wharf.api.services.images.v1.UpdateImageRequest;
import dev.wharf.api.services.images.v1.UpdateImageResponse;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.gc.GarbageCollector;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.services.rpc.Calls;
import dev.wharf.services.rpc.Requests;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.ImageMessages;
import dev.wharf.wire.Times;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes, shows, changes and removes images. */
public final class ImageService extends ImagesGrpc.ImagesImplBase {
    private final ImageStore images;
    private final GarbageCollector garbage;

    /** A service over a store, and the collector that a synchronous delete waits for. */
    public ImageService(ImageStore images, GarbageCollector garbage) {
        this.images = images;
        this.garbage = garbage;
    }

    @Override
    public void get(GetImageRequest request, StreamObserver<GetImageResponse> response) {
        Calls.answerAtOnce(
                response,
                () -> images.peek(Requests.context(), request.getName()).map(ImageService::found),
                () -> found(images.get(Requests.context(), request.getName())));
    }

    private static GetImageResponse found(Image image) {
        return GetImageResponse.newBuilder()
                .setImage(ImageMessages.toProto(image))
                .build();
    }

    @Override
    public void list(ListImagesRequest request, StreamObserver<ListImagesResponse> response) {
        Calls.answer(
                response,
                () -> ListImagesResponse.newBuilder()
                        .addAllImages(images.list(Requests.context(), request.getFiltersList()).stream()
                                .map(ImageMessages::toProto)
                                .toList())
                        .build());
    }

    @Override
    public void create(CreateImageRequest request, StreamObserver<CreateImageResponse> response) {
        Calls.answer(
                response,
                () -> CreateImageResponse.newBuilder()
                        .setImage(ImageMessages.toProto(create(request)))
                        .build());
    }

    private Image create(CreateImageRequest request) {
        requireName(request.getImage());
        Descriptor target = DescriptorMessages.fromProto(request.getImage().getTarget());
        Instant time = sourceDateEpoch(request.hasSourceDateEpoch(), request.getSourceDateEpoch());
        return images.create(Requests.context(), ImageMessages.fromProto(request.getImage(), target, time));
    }

    @Override
    public void update(UpdateImageRequest request, StreamObserver<UpdateImageResponse> response) {
        Calls.answer(
                response,
                () -> UpdateImageResponse.newBuilder()
                        .setImage(ImageMessages.toProto(update(request)))
                        .build());
    }

    private Image update(UpdateImageRequest request) {
        requireName(request.getImage());
        Context ctx = Requests.context();
        List<String> paths = request.getUpdateMask().getPathsList();
        Instant time = sourceDateEpoch(request.hasSourceDateEpoch(), request.getSourceDateEpoch());
        Image image = ImageMessages.fromProto(request.getImage(), target(ctx, request.getImage(), paths), time);
        return images.update(ctx, image, paths);
    }

    /** The target of an update; one that changes only labels or annotations need not name it. */
    private Descriptor target(Context ctx, dev.wharf.api.services.images.v1.Image message, List<String> paths) {
        boolean unnamed = message.getTarget().getDigest().isEmpty();
        if (!unnamed || paths.isEmpty() || paths.contains("target")) {
            return DescriptorMessages.fromProto(message.getTarget());
        }
        Descriptor current = images.get(ctx, message.getName()).target();
        return new Descriptor(
                current.mediaType(),
                current.digest(),
                current.size(),
                message.getTarget().getAnnotationsMap());
    }

    @Override
    public void delete(DeleteImageRequest request, StreamObserver<Empty> response) {
        Calls.acknowledge(response, () -> {
            Optional<Descriptor> target = request.hasTarget()
                    ? Optional.of(DescriptorMessages.fromProto(request.getTarget()))
                    : Optional.empty();
            images.delete(Requests.context(), request.getName(), target);
            if (request.getSync()) {
                garbage.collect();
            }
        });
    }

    private static void requireName(dev.wharf.api.services.images.v1.Image image) {
        if (image.getName().isEmpty()) {
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, "Image.Name required");
        }
    }

    private static Instant sourceDateEpoch(boolean present, Timestamp time) {
        return present ? Times.fromProto(time) : Instant.EPOCH;
    }
}
