package dev.wharf.plugins.content.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * The files of one ingest.
 *
 * @param path its directory
 */
record IngestDirectory(Path path) {
    /** Bound of the small files: a ref that does not fit is none of ours. */
    private static final long MAX_TEXT = 1 << 16;

    /** The directory an ingest has below {@code ingests}, by its ref. */
    static IngestDirectory of(Path ingests, String ref) {
        return new IngestDirectory(ingests.resolve(nameOf(ref)));
    }

    private static String nameOf(String ref) {
        return Digest.sha256(ref.getBytes(UTF_8)).hex();
    }

    Path data() {
        return path.resolve("data");
    }

    /** Writes all files but the data; whatever was there is overwritten, data and all. */
    void create(String ref, long total, Instant now) throws IOException {
        Files.createDirectories(path);
        Files.deleteIfExists(data());
        Files.deleteIfExists(path.resolve("total"));
        Files.writeString(path.resolve("ref"), ref);
        writeTime("startedat", now);
        writeTime("updatedat", now);
        if (total > 0) {
            writeTotal(total);
        }
        Files.createFile(data());
    }

    /** Gives the data the mode of a blob. */
    void makeReadOnly() throws IOException {
        Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("r--r--r--"));
    }

    /** Undoes {@link #makeReadOnly}, which a commit that a crash cut short has left. */
    void makeWritable() throws IOException {
        if (!Files.getPosixFilePermissions(data()).contains(PosixFilePermission.OWNER_WRITE)) {
            Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    void writeTotal(long total) throws IOException {
        Files.writeString(path.resolve("total"), Long.toString(total));
    }

    /** Notes when the last bytes came. */
    void writeUpdated(Instant at) throws IOException {
        writeTime("updatedat", at);
    }

    private void writeTime(String name, Instant time) throws IOException {
        Path temporary = path.resolve(name + ".tmp");
        Files.writeString(temporary, time.toString());
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Where it stands, as its files say; times that cannot be read are those of the data.
     *
     * @throws NoSuchFileException when it is gone, or was never complete
     */
    IngestStatus status() throws IOException {
        BasicFileAttributes data = Files.readAttributes(data(), BasicFileAttributes.class);
        Instant modified = data.lastModifiedTime().toInstant();
        Instant started = readTime("startedat", modified);
        Instant updated = readTime("updatedat", modified);
        Instant latest = modified.isAfter(updated) ? modified : updated;
        return new IngestStatus(ref(), data.size(), readTotal(), null, started, latest);
    }

    /** The ref it was made for. */
    String ref() throws IOException {
        return readText("ref");
    }

    /** Whether it has data and a ref that belongs to this directory: if not, nobody can ever resume or abort it. */
    boolean isUsable() {
        try {
            return Files.isRegularFile(data()) && path.endsWith(nameOf(ref()));
        } catch (IOException e) {
            return false;
        }
    }

    private String readText(String name) throws IOException {
        Path file = path.resolve(name);
        if (Files.size(file) > MAX_TEXT) {
            throw new IOException(file + " is larger than " + MAX_TEXT + " bytes");
        }
        return new String(Files.readAllBytes(file), UTF_8);
    }

    private Instant readTime(String name, Instant otherwise) throws IOException {
        try {
            return OffsetDateTime.parse(readText(name).strip()).toInstant();
        } catch (NoSuchFileException | DateTimeException e) {
            return otherwise;
        }
    }

    /** The expected size; a file that is missing or no number counts as unknown, as upstream has it. */
    private long readTotal() throws IOException {
        try {
            return Math.max(0, Long.parseLong(readText("total").strip()));
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
    }

    /** Deletes the directory; one that is gone meanwhile is fine. */
    void delete() throws IOException {
        try (var files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(path);
    }
}
