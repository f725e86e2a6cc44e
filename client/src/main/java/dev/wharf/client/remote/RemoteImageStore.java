package dev.wharf.client.remote;

import com.google.protobuf.FieldMask;
import dev.wharf.api.services.images.v1.CreateImageRequest;
import dev.wharf.api.services.images.v1.DeleteImageRequest;
import dev.wharf.api.services.images.v1.GetImageRequest;
import dev.wharf.api.services.images.v1.ImagesGrpc;
import dev.wharf.api.services.images.v1.ImagesGrpc.ImagesBlockingStub;
import dev.wharf.api.services.images.v1.ListImagesRequest;
import dev.wharf.api.services.images.v1.UpdateImageRequest;
import dev.wharf.core.context.Context;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.wire.DescriptorMessages;
import dev.wharf.wire.ImageMessages;
import io.grpc.Channel;
import java.util.List;
import java.util.Optional;

/** The images of a daemon. */
public final class RemoteImageStore implements ImageStore {
    private final ImagesBlockingStub stub;

    /** Calls through {@code channel}. */
    public RemoteImageStore(Channel channel) {
        this.stub = ImagesGrpc.newBlockingStub(channel);
    }

    @Override
    public Image get(Context ctx, String name) {
        var request = GetImageRequest.newBuilder().setName(name).build();
        return Calls.call(() -> ImageMessages.fromProto(in(ctx).get(request).getImage()));
    }

    @Override
    public List<Image> list(Context ctx, List<String> filters) {
        var request = ListImagesRequest.newBuilder().addAllFilters(filters).build();
        return Calls.call(() -> in(ctx).list(request)).getImagesList().stream()
                .map(ImageMessages::fromProto)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    @Override
    public Image create(Context ctx, Image image) {
        var request = CreateImageRequest.newBuilder()
                .setImage(ImageMessages.toProto(image))
                .build();
        return Calls.call(() -> ImageMessages.fromProto(in(ctx).create(request).getImage()));
    }

    @Override
    public Image update(Context ctx, Image image, List<String> paths) {
        var request = UpdateImageRequest.newBuilder().setImage(ImageMessages.toProto(image));
        if (!paths.isEmpty()) {
            request.setUpdateMask(FieldMask.newBuilder().addAllPaths(paths));
        }
        return Calls.call(
                () -> ImageMessages.fromProto(in(ctx).update(request.build()).getImage()));
    }

    @Override
    public void delete(Context ctx, String name, Optional<Descriptor> target) {
        var request = DeleteImageRequest.newBuilder().setName(name);
        target.ifPresent(descriptor -> request.setTarget(DescriptorMessages.toProto(descriptor)));
        Calls.run(() -> in(ctx).delete(request.build()));
    }

    private ImagesBlockingStub in(Context ctx) {
        return Calls.with(stub, ctx, Calls.USUAL);
    }
}
