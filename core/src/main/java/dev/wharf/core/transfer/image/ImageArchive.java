package dev.wharf.core.transfer.image;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.images.ImageContent;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.transfer.archive.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive of images once, from its start to its end: documents that list what is in it are kept, all other
 * files become blobs.
 *
 * <p>An OCI layout ({@code oci-layout}, {@code index.json}, {@code blobs/}) or what {@code docker save} writes
 * ({@code manifest.json} and files it names); plain, or compressed by gzip or zstd.
 */
final class ImageArchive {
    private static final Pattern BLOB = Pattern.compile("blobs/(sha256|sha384|sha512)/([0-9a-f]+)");
    private static final int MAX_ENTRIES = 100_000;

    private final ArchiveIngest ingest;
    private final Map<String, Descriptor> blobs = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private byte @Nullable [] layout;
    private byte @Nullable [] index;
    private byte @Nullable [] manifests;

    private ImageArchive(ArchiveIngest ingest) {
        this.ingest = ingest;
    }

    /** Brings in all blobs of an archive; {@code INVALID_ARGUMENT} when it is none, or damaged. */
    static ImageArchive read(InputStream archive, ArchiveFormats formats, ArchiveIngest ingest) {
        ImageArchive read = new ImageArchive(ingest);
        try (InputStream plain = formats.uncompressed(archive)) {
            read.readAll(new TarReader(plain));
            // What follows the end of the archive is read too: who sends it waits for that.
            plain.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("read image archive: " + e.getMessage(), e);
        }
        return read;
    }

    /** The document {@code oci-layout}, or null. */
    byte @Nullable [] layout() {
        return layout;
    }

    /** The document {@code index.json}, or null. */
    byte @Nullable [] index() {
        return index;
    }

    /** The document {@code manifest.json}, or null. */
    byte @Nullable [] manifests() {
        return manifests;
    }

    /** The blob made of a file of the archive; its media type is not known. */
    Descriptor blob(String name) {
        String at = TarReader.clean(name);
        for (int hops = 0; hops < links.size() + 1; hops++) {
            Descriptor blob = blobs.get(at);
            if (blob != null) {
                return blob;
            }
            String target = links.get(at);
            if (target == null) {
                break;
            }
            at = target;
        }
        throw ErrorKind.INVALID_ARGUMENT.of("image archive has no file " + name);
    }

    private void readAll(TarReader tar) throws IOException {
        int count = 0;
        for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
            if (++count > MAX_ENTRIES) {
                throw new IOException("more than " + MAX_ENTRIES + " entries");
            }
            if (entry.isLink()) {
                links.put(entry.name(), linkTarget(entry));
            } else if (entry.isFile()) {
                file(entry, tar.data());
            }
        }
    }

    private void file(TarReader.Entry entry, InputStream data) throws IOException {
        switch (entry.name()) {
            case "oci-layout" -> layout = document(entry, data);
            case "index.json" -> index = document(entry, data);
            case "manifest.json" -> manifests = document(entry, data);
            case "repositories", "VERSION" -> {}
            default -> blobs.put(entry.name(), store(entry, data));
        }
    }

    private Descriptor store(TarReader.Entry entry, InputStream data) throws IOException {
        Matcher path = BLOB.matcher(entry.name());
        if (path.matches()) {
            Descriptor blob = new Descriptor("", new Digest(path.group(1), path.group(2)), entry.size());
            ingest.known(blob, data);
            return blob;
        }
        return new Descriptor("", ingest.unknown(entry.size(), data), entry.size());
    }

    private static byte[] document(TarReader.Entry entry, InputStream data) throws IOException {
        if (entry.size() > ImageContent.MAX_DOCUMENT) {
            throw new IOException(entry.name() + " has " + entry.size() + " bytes");
        }
        return data.readAllBytes();
    }

    /** The name a link points at; of symbolic links relative to where the link is. */
    private static String linkTarget(TarReader.Entry link) {
        if (link.type() == '1') {
            return TarReader.clean(link.link());
        }
        int slash = link.name().lastIndexOf('/');
        String directory = slash < 0 ? "" : link.name().substring(0, slash);
        String target = link.link();
        while (target.startsWith("../")) {
            target = target.substring(3);
            int up = directory.lastIndexOf('/');
            directory = up < 0 ? "" : directory.substring(0, up);
        }
        return TarReader.clean(directory.isEmpty() ? target : directory + "/" + target);
    }
}
