package dev.wharf.client.image;

import dev.wharf.client.WharfClient;
import dev.wharf.client.json.Json;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings the images of an archive into a daemon and unpacks them. */
public final class ImportImage {
    private static final String IMAGE_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    private final WharfClient client;
    private final Platform platform;
    private final String snapshotter;
    private final Progress progress;

    /** Imports and unpacks, for a platform, into a snapshotter. */
    public ImportImage(WharfClient client, Platform platform, String snapshotter, Progress progress) {
        this.client = client;
        this.platform = platform;
        this.snapshotter = snapshotter;
        this.progress = progress;
    }

    /** A name of the archive and what it points at. */
    private record Named(String name, Descriptor target) {}

    /** Imports all images of an archive; {@code INVALID_ARGUMENT} when it is none. */
    public List<Image> run(Context outer, InputStream archive) {
        RandomGenerator random = RandomGenerator.getDefault();
        try (WorkLease lease = WorkLease.take(client.leases(), outer, InstantSource.system(), random)) {
            Context ctx = lease.ctx();
            ImageContent images = new ImageContent(client.content(), ctx);
            BlobIngest ingest = new BlobIngest(client.content(), ctx, progress);
            List<Named> named = named(ctx, ImageArchive.read(archive, ingest), ingest);
            UnpackImage unpack = new UnpackImage(
                    images, client.snapshotter(snapshotter), snapshotter, client.applier(), random, progress);
            List<Image> imported = new ArrayList<>();
            for (Named image : named) {
                label(images, image.target(), 0);
                unpack.run(ctx, images.manifest(image.target(), platform));
                imported.add(ImageRecords.put(client.images(), ctx, image.name(), image.target()));
            }
            return List.copyOf(imported);
        }
    }

    private List<Named> named(Context ctx, ImageArchive archive, BlobIngest ingest) {
        byte[] index = archive.index();
        byte[] manifests = archive.manifests();
        if (index != null) {
            return ImageIndex.parse(index).children().stream()
                    .map(target -> new Named(name(target), target))
                    .toList();
        }
        if (manifests != null) {
            return docker(ctx, archive, Json.parse(manifests, "manifest.json"), ingest);
        }
        throw ErrorKind.INVALID_ARGUMENT.of(
                "archive holds neither index.json (OCI layout) nor manifest.json (docker save)");
    }

    /** The full name an index gives an image, or one made of its tag, or digest, and today's date as ctr makes it. */
    private static String name(Descriptor target) {
        String name = target.annotations().getOrDefault(IMAGE_NAME, "");
        if (!name.isEmpty()) {
            return ImageNames.full(name);
        }
        String ref = target.annotations().getOrDefault(REF_NAME, "");
        if (ref.indexOf('/') >= 0 || ref.indexOf(':') >= 0) {
            return ImageNames.full(ref);
        }
        String base = "import-" + LocalDate.now(Clock.system(ZoneOffset.UTC));
        return ref.isEmpty() ? base + "@" + target.digest() : base + ":" + ref;
    }

    private List<Named> docker(Context ctx, ImageArchive archive, JsonNode entries, BlobIngest ingest) {
        List<Named> named = new ArrayList<>();
        for (JsonNode entry : entries) {
            Descriptor manifest = dockerManifest(ctx, archive, entry, ingest);
            List<String> tags = Json.texts(entry, "RepoTags");
            tags.forEach(tag -> named.add(new Named(ImageNames.full(tag), manifest)));
            if (tags.isEmpty()) {
                named.add(new Named(name(manifest), manifest));
            }
        }
        return named;
    }

    /** Writes the manifest docker save leaves out. */
    private Descriptor dockerManifest(Context ctx, ImageArchive archive, JsonNode entry, BlobIngest ingest) {
        Descriptor config = typed(archive.blob(Json.text(entry, "Config")), MediaTypes.DOCKER_CONFIG);
        ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.DOCKER_MANIFEST);
        manifest.set("config", Descriptors.toJson(config));
        ArrayNode layers = manifest.putArray("layers");
        for (String file : Json.texts(entry, "Layers")) {
            Descriptor layer = archive.blob(file);
            layers.add(Descriptors.toJson(typed(layer, layerType(ctx, client.content(), layer))));
        }
        byte[] bytes = Json.bytes(manifest);
        Descriptor written = new Descriptor(MediaTypes.DOCKER_MANIFEST, Digest.sha256(bytes), bytes.length);
        try {
            ingest.ingest("manifest-" + written.digest(), written, at -> skip(bytes, at), Map.of());
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("write manifest " + written.digest(), e);
        }
        return written;
    }

    private static InputStream skip(byte[] bytes, long offset) {
        return new ByteArrayInputStream(bytes, (int) offset, bytes.length);
    }

    private static String layerType(Context ctx, ContentStore content, Descriptor layer) {
        try (ContentReader reader = content.open(ctx, layer.digest())) {
            ByteBuffer magic = ByteBuffer.allocate(4);
            while (magic.hasRemaining() && reader.read(magic, magic.position()) >= 0) {}
            int first = magic.getInt(0);
            if (first >>> 16 == 0x1f8b) {
                return MediaTypes.DOCKER_LAYER_GZIP;
            }
            return first == 0x28b52ffd ? MediaTypes.DOCKER_LAYER_ZSTD : MediaTypes.DOCKER_LAYER;
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("read layer " + layer.digest(), e);
        }
    }

    private static Descriptor typed(Descriptor blob, String mediaType) {
        return new Descriptor(mediaType, blob.digest(), blob.size());
    }

    /** Labels a document and those below it that the archive brought. */
    private static void label(ImageContent images, Descriptor document, int depth) {
        List<Descriptor> children = images.children(document);
        images.label(document, GcLabels.of(children));
        for (Descriptor child : children) {
            boolean nested = MediaTypes.isIndex(child.mediaType()) || MediaTypes.isManifest(child.mediaType());
            if (nested && depth < 4 && images.has(child)) {
                label(images, child, depth + 1);
            }
        }
    }
}
