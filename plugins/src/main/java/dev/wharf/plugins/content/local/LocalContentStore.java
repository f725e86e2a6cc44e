package dev.wharf.plugins.content.local;

import dev.wharf.core.content.BlobStore;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs and ingests as files below one directory; see the package for the layout.
 *
 * <p>Safe for several threads. Only one store at a time may work on a directory: which refs have a writer is known in
 * memory only.
 */
public final class LocalContentStore implements BlobStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalContentStore.class);

    private static final String BLOBS = "blobs";
    private static final String INGESTS = "ingest";

    private final Path blobs;
    private final Path ingests;
    private final InstantSource clock;
    private final RefLocks locks;

    private LocalContentStore(Path root, InstantSource clock) {
        this.blobs = root.resolve(BLOBS);
        this.ingests = root.resolve(INGESTS);
        this.clock = clock;
        this.locks = new RefLocks(clock);
    }

    /**
     * Opens the store in a directory, which is made when missing; ingests that a crash left without ref or data, and
     * that nobody could resume, are deleted.
     */
    public static LocalContentStore open(Path root, InstantSource clock) {
        LocalContentStore store = new LocalContentStore(root, clock);
        try {
            Files.createDirectories(root);
            Durable.directory(Durable.directory(root, BLOBS), "sha256");
            Durable.directory(root, INGESTS);
            store.deleteUnusable();
            return store;
        } catch (IOException e) {
            throw DiskErrors.of("open content store " + root, e);
        }
    }

    private void deleteUnusable() throws IOException {
        for (IngestDirectory ingest : ingestDirectories()) {
            if (!ingest.isUsable()) {
                LOG.warn("deleting an ingest that has no ref or no data path={}", ingest.path());
                ingest.delete();
            }
        }
    }

    @Override
    public long size(Digest digest) {
        try {
            return Files.size(path(digest));
        } catch (IOException e) {
            throw DiskErrors.of("content " + digest, e);
        }
    }

    @Override
    public ContentReader open(Digest digest) {
        try {
            return LocalContentReader.open(path(digest));
        } catch (IOException e) {
            throw DiskErrors.of("content " + digest, e);
        }
    }

    @Override
    public void delete(Digest digest) {
        try {
            Files.delete(path(digest));
        } catch (IOException e) {
            throw DiskErrors.of("content " + digest, e);
        }
    }

    @Override
    public void walk(Consumer<Digest> visitor) {
        try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(blobs, Files::isDirectory)) {
            for (Path algorithm : algorithms) {
                walk(algorithm, visitor);
            }
        } catch (IOException e) {
            throw DiskErrors.of("list blobs in " + blobs, e);
        }
    }

    private static void walk(Path algorithm, Consumer<Digest> visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(algorithm)) {
            for (Path file : files) {
                digest(algorithm, file).ifPresent(visitor);
            }
        }
    }

    private static Optional<Digest> digest(Path algorithm, Path file) {
        try {
            return Optional.of(new Digest(
                    algorithm.getFileName().toString(), file.getFileName().toString()));
        } catch (WharfException e) {
            LOG.warn("leaving out a file that is no blob path={}", file);
            return Optional.empty();
        }
    }

    @Override
    public IngestStatus status(String ref) {
        try {
            return IngestDirectory.of(ingests, ref).status();
        } catch (IOException e) {
            throw DiskErrors.of("ingest ref \"" + ref + "\"", e);
        }
    }

    @Override
    public List<IngestStatus> statuses() {
        try {
            List<IngestStatus> all = new ArrayList<>();
            for (IngestDirectory ingest : ingestDirectories()) {
                listed(ingest).ifPresent(all::add);
            }
            return all;
        } catch (IOException e) {
            throw DiskErrors.of("list ingests in " + ingests, e);
        }
    }

    /** The ingest, unless it ended meanwhile or cannot be read: then the others are listed all the same. */
    private static Optional<IngestStatus> listed(IngestDirectory ingest) {
        try {
            return Optional.of(ingest.status());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("leaving out an ingest that cannot be read path={}", ingest.path(), e);
            return Optional.empty();
        }
    }

    private List<IngestDirectory> ingestDirectories() throws IOException {
        List<IngestDirectory> directories = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(ingests, Files::isDirectory)) {
            paths.forEach(path -> directories.add(new IngestDirectory(path)));
        }
        return directories;
    }

    /** Ends an ingest also while a writer has it; that one's commit then fails with {@code NOT_FOUND}. */
    @Override
    public void abort(String ref) {
        IngestDirectory ingest = IngestDirectory.of(ingests, ref);
        if (!Files.isDirectory(ingest.path())) {
            throw ErrorKind.NOT_FOUND.of("ingest ref \"" + ref + "\"");
        }
        try {
            ingest.delete();
        } catch (IOException e) {
            throw DiskErrors.of("abort ingest ref \"" + ref + "\"", e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>{@code UNKNOWN} when {@code total} differs from the one the ingest began with. A blob with the expected digest
     * may be there already: that is found out at commit.
     */
    @Override
    public ContentWriter writer(String ref, long total, @Nullable Digest expected) {
        if (ref.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("ref must not be empty");
        }
        locks.take(ref);
        boolean opened = false;
        try {
            ContentWriter writer = openWriter(ref, total, expected);
            opened = true;
            return writer;
        } catch (IOException e) {
            throw DiskErrors.of("open ingest " + ref, e);
        } finally {
            if (!opened) {
                locks.release(ref);
            }
        }
    }

    private ContentWriter openWriter(String ref, long total, @Nullable Digest expected) throws IOException {
        IngestDirectory directory = IngestDirectory.of(ingests, ref);
        if (directory.isUsable()) {
            checkTotal(directory, total);
            directory.makeWritable();
        } else {
            directory.create(ref, total, clock.instant());
        }
        String algorithm = expected == null ? "sha256" : expected.algorithm();
        IngestFile file = IngestFile.open(directory.data(), algorithm);
        try {
            return new LocalContentWriter(this, directory, file, directory.status(), expected);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static void checkTotal(IngestDirectory directory, long total) throws IOException {
        long known = directory.status().total();
        if (total > 0 && known > 0 && total != known) {
            throw new WharfException(
                    ErrorKind.UNKNOWN, "provided total differs from status: " + total + " != " + known);
        }
        if (total > 0 && known == 0) {
            directory.writeTotal(total);
        }
    }

    /**
     * Gives checked data its name as a blob and ends the ingest; {@code ALREADY_EXISTS}.
     *
     * <p>Everything of the inode (bytes, mode, time) is on disk before the name, and the name before this returns.
     */
    void list(IngestDirectory ingest, IngestFile file, Digest digest) throws IOException {
        Path blob = path(digest);
        if (Files.exists(blob)) {
            deleteQuietly(ingest);
            throw ErrorKind.ALREADY_EXISTS.of("content " + digest);
        }
        makeDurable(ingest, file);
        Path algorithm = Durable.directory(blobs, digest.algorithm());
        Files.move(ingest.data(), blob, StandardCopyOption.ATOMIC_MOVE);
        Durable.sync(algorithm);
        deleteQuietly(ingest);
    }

    /** After a failed fsync the kernel may have dropped pages it shows as clean, so the ingest is thrown away then. */
    private void makeDurable(IngestDirectory ingest, IngestFile file) throws IOException {
        ingest.makeReadOnly();
        Files.setLastModifiedTime(ingest.data(), FileTime.from(clock.instant()));
        try {
            file.sync();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            deleteQuietly(ingest);
            throw e;
        }
    }

    private static void deleteQuietly(IngestDirectory ingest) {
        try {
            ingest.delete();
        } catch (IOException e) {
            LOG.warn("cannot delete an ingest that has ended path={}", ingest.path(), e);
        }
    }

    Instant now() {
        return clock.instant();
    }

    void release(String ref) {
        locks.release(ref);
    }

    private Path path(Digest digest) {
        return blobs.resolve(digest.algorithm()).resolve(digest.hex());
    }
}
