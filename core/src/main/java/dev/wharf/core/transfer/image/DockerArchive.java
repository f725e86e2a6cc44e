package dev.wharf.core.transfer.image;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Makes the manifests and the index that an archive of {@code docker save} lacks. */
final class DockerArchive {
    private static final int BUFFER = 1 << 20;

    private final ImageArchive archive;
    private final ArchiveFormats formats;
    private final ArchiveIngest ingest;
    private final Context ctx;
    private final boolean compress;

    DockerArchive(ImageArchive archive, ArchiveFormats formats, ArchiveIngest ingest, Context ctx, boolean compress) {
        this.archive = archive;
        this.formats = formats;
        this.ingest = ingest;
        this.ctx = ctx;
        this.compress = compress;
    }

    /** Writes manifests and index, and answers the index. */
    Descriptor index(byte[] manifestJson) {
        List<Descriptor> manifests = new ArrayList<>();
        for (ArchiveFormats.Saved image : formats.saved(manifestJson)) {
            Descriptor manifest = manifest(image);
            if (image.tags().isEmpty()) {
                manifests.add(manifest);
            }
            image.tags().forEach(tag -> manifests.add(named(manifest, tag)));
        }
        return ingest.document(MediaTypes.OCI_INDEX, formats.index(manifests));
    }

    private Descriptor named(Descriptor manifest, String tag) {
        ArchiveFormats.Name name = formats.name(tag);
        return new Descriptor(
                manifest.mediaType(),
                manifest.digest(),
                manifest.size(),
                Map.of(StoredNames.IMAGE_NAME, name.full(), StoredNames.REF_NAME, name.tag()));
    }

    private Descriptor manifest(ArchiveFormats.Saved image) {
        Descriptor config = typed(archive.blob(image.config()), MediaTypes.DOCKER_CONFIG);
        List<Descriptor> layers =
                image.layers().stream().map(file -> layer(archive.blob(file))).toList();
        return ingest.document(MediaTypes.DOCKER_MANIFEST, formats.manifest(new Manifest(config, layers)));
    }

    private Descriptor layer(Descriptor blob) {
        try (ContentReader reader = ingest.content().open(ctx, blob.digest())) {
            ByteBuffer magic = ByteBuffer.allocate(4);
            while (magic.hasRemaining() && reader.read(magic, magic.position()) >= 0) {}
            int first = magic.getInt(0);
            if (first >>> 16 == 0x1f8b) {
                return typed(blob, MediaTypes.DOCKER_LAYER_GZIP);
            }
            if (first == 0x28b52ffd) {
                return typed(blob, MediaTypes.DOCKER_LAYER_ZSTD);
            }
            return compress ? compressed(blob, reader) : typed(blob, MediaTypes.DOCKER_LAYER);
        } catch (IOException e) {
            throw ErrorKind.INTERNAL.of("read layer " + blob.digest(), e);
        }
    }

    private Descriptor compressed(Descriptor blob, ContentReader reader) throws IOException {
        try (ContentWriter writer = ingest.content().writer(ctx, ingest.uniqueRef(), 0, null)) {
            try (OutputStream gzip = new GZIPOutputStream(new WriterStream(writer), BUFFER)) {
                ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
                long offset = 0;
                for (int count = reader.read(buffer, 0); count > 0; count = reader.read(buffer, offset)) {
                    gzip.write(buffer.array(), 0, count);
                    offset += count;
                    buffer.clear();
                }
            }
            Digest digest = writer.digest();
            long size = writer.status().offset();
            commit(writer, size, digest, blob.digest());
            return new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, digest, size);
        }
    }

    private static void commit(ContentWriter writer, long size, Digest digest, Digest uncompressed) {
        try {
            writer.commit(size, digest, Map.of("containerd.io/uncompressed", uncompressed.toString()));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /** A writer as a stream; closing it leaves the writer open. */
    private static final class WriterStream extends OutputStream {
        private final ContentWriter writer;

        WriterStream(ContentWriter writer) {
            this.writer = writer;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            writer.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private static Descriptor typed(Descriptor blob, String mediaType) {
        return new Descriptor(mediaType, blob.digest(), blob.size());
    }
}
