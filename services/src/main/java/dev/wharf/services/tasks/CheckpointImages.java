package dev.wharf.services.tasks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.runc.v1.CheckpointOptions;
import dev.wharf.core.containers.Container;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.wire.AnyMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a task's processes, as blobs: written by a checkpoint, unpacked for a restore. An unpacked one stays, in
 * a directory for temporary files, until its task was started or deleted.
 */
final class CheckpointImages {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointImages.class);
    private static final String IMAGE = "application/vnd.containerd.container.criu.checkpoint.criu.tar";
    private static final String CONFIG = "application/vnd.containerd.container.checkpoint.config.v1+proto";
    private static final String DIRECTORY = "ctrd-checkpoint";

    private final ContentStore content;
    private final Applier applier;

    /** Unpacked images by task; at most one a task that was created and not started. */
    private final Map<Key, Path> unpacked = new ConcurrentHashMap<>();

    private record Key(String namespace, String id) {}

    CheckpointImages(ContentStore content, Applier applier) {
        this.content = content;
        this.applier = applier;
    }

    /** Unpacks an image for a task to be restored and answers the directory. */
    String unpack(Context ctx, String id, Descriptor image) throws IOException {
        if (!image.mediaType().equals(IMAGE)) {
            throw ErrorKind.INVALID_ARGUMENT.of("unsupported checkpoint type \"" + image.mediaType() + "\"");
        }
        Path directory = Files.createTempDirectory(DIRECTORY);
        discard(unpacked.put(new Key(ctx.namespace(), id), directory));
        try {
            apply(ctx, image, directory);
        } catch (RuntimeException e) {
            discard(ctx, id);
            throw e;
        }
        return directory.toString();
    }

    /** An image is a plain tar, which is what a layer that is not compressed is. */
    private void apply(Context ctx, Descriptor image, Path directory) {
        Descriptor layer = new Descriptor(MediaTypes.OCI_LAYER, image.digest(), image.size());
        List<Mount> mounts = List.of(Mount.of("bind", directory.toString(), List.of("rbind", "rw")));
        applier.apply(ctx, layer, mounts, Applier.Options.DEFAULT);
    }

    /** Removes what was unpacked for a task, if anything was. */
    void discard(Context ctx, String id) {
        discard(unpacked.remove(new Key(ctx.namespace(), id)));
    }

    private static void discard(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try {
            FileTrees.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().addKeyValue("directory", directory).setCause(e).log("cannot remove an unpacked checkpoint");
        }
    }

    /** Checkpoints a task; without a directory in its options, into blobs, whose descriptors are answered. */
    List<Descriptor> write(Context ctx, Container container, Task task, @Nullable TypedValue options)
            throws IOException {
        String given = imagePath(options);
        if (!given.isEmpty()) {
            task.checkpoint(ctx, given, options);
            return List.of();
        }
        Path directory = Files.createTempDirectory(DIRECTORY);
        try {
            task.checkpoint(ctx, directory.toString(), options);
            return List.of(image(ctx, directory), config(ctx, directory, container));
        } finally {
            discard(directory);
        }
    }

    private static String imagePath(@Nullable TypedValue options) {
        if (options == null) {
            return "";
        }
        if (!AnyMessages.typeName(options.typeUrl())
                .equals(CheckpointOptions.getDescriptor().getFullName())) {
            throw ErrorKind.INVALID_ARGUMENT.of("invalid task checkpoint option " + options.typeUrl());
        }
        try {
            return CheckpointOptions.parseFrom(options.value()).getImagePath();
        } catch (InvalidProtocolBufferException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("decode options of type " + options.typeUrl(), e);
        }
    }

    private Descriptor image(Context ctx, Path directory) throws IOException {
        try (ContentWriter writer = content.writer(ctx, directory.toString(), 0, null)) {
            writer.truncate(0);
            new TarWriter(writer::write).directory(directory);
            return commit(writer, IMAGE);
        }
    }

    private Descriptor config(Context ctx, Path directory, Container container) {
        TypedValue spec = container.spec();
        ByteString bytes =
                spec == null ? ByteString.EMPTY : AnyMessages.toProto(spec).toByteString();
        try (ContentWriter writer =
                content.writer(ctx, directory.resolve("spec").toString(), 0, null)) {
            writer.truncate(0);
            writer.write(ByteBuffer.wrap(bytes.toByteArray()));
            return commit(writer, CONFIG);
        }
    }

    private static Descriptor commit(ContentWriter writer, String mediaType) {
        long size = writer.status().offset();
        Digest digest = writer.digest();
        try {
            writer.commit(size, digest, Map.of());
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
        return new Descriptor(mediaType, digest, size);
    }
}
