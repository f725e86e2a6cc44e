package dev.wharf.plugins.content.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.content.BlobStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.oci.Digest;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.content.BlobStoreContract;
import dev.wharf.testkit.content.TestBytes;
import dev.wharf.testkit.dirs.TempDirs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocalContentStoreTest implements BlobStoreContract {
    private final SettableClock clock = new SettableClock();

    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    private final Path root = dirs.root().resolve("content");
    private LocalContentStore store = LocalContentStore.open(root, clock);

    @Override
    public BlobStore store() {
        return store;
    }

    private void reopen() {
        store = LocalContentStore.open(root, clock);
    }

    @Test
    void theLayoutIsContainerds() throws IOException {
        TestBytes data = TestBytes.of(10, 1);
        clock.set(Instant.parse("2026-02-03T04:05:06.789Z"));
        try (ContentWriter writer = store.writer("some/ref", 10, null)) {
            writer.write(data.buffer());
            Path ingest = ingest("some/ref");
            assertThat(ingest.resolve("ref")).hasContent("some/ref");
            assertThat(ingest.resolve("total")).hasContent("10");
            assertThat(ingest.resolve("data")).hasBinaryContent(data.bytes());
            assertThat(ingest.resolve("startedat")).hasContent("2026-02-03T04:05:06.789Z");
            assertThat(ingest.resolve("updatedat")).exists();
            writer.commit(10, data.digest(), Map.of());
        }

        Path blob = root.resolve("blobs/sha256/" + data.digest().hex());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(blob)))
                .isEqualTo("r--r--r--");
        assertThat(Files.getLastModifiedTime(blob).toInstant()).isEqualTo(clock.instant());
        assertThat(root.resolve("ingest")).isEmptyDirectory();
    }

    @Test
    void anIngestOfGoContainerdIsResumed() throws IOException {
        Path ingest = Files.createDirectories(ingest("layer-1"));
        Files.writeString(ingest.resolve("ref"), "layer-1");
        Files.writeString(ingest.resolve("startedat"), "2026-01-02T03:04:05.678901234+02:00");
        Files.writeString(ingest.resolve("updatedat"), "2126-01-02T03:04:05Z");
        Files.writeString(ingest.resolve("total"), "9");
        Files.writeString(ingest.resolve("data"), "half");

        try (ContentWriter writer = store.writer("layer-1", 0, null)) {
            assertThat(writer.status())
                    .isEqualTo(new IngestStatus(
                            "layer-1",
                            4,
                            9,
                            null,
                            Instant.parse("2026-01-02T01:04:05.678901234Z"),
                            Instant.parse("2126-01-02T03:04:05Z")));
            assertThat(writer.digest()).isEqualTo(Digest.sha256("half".getBytes(UTF_8)));
        }
    }

    @Test
    void timesThatCannotBeReadAreThoseOfTheData() throws IOException {
        store.writer("ref", 5, null).close();
        Files.writeString(ingest("ref").resolve("startedat"), "once upon a time");
        Files.delete(ingest("ref").resolve("updatedat"));
        Files.writeString(ingest("ref").resolve("total"), "many");

        Instant modified =
                Files.getLastModifiedTime(ingest("ref").resolve("data")).toInstant();
        assertThat(store.status("ref")).isEqualTo(new IngestStatus("ref", 0, 0, null, modified, modified));
        assertThat(store.statuses()).hasSize(1);
    }

    @Test
    void anIngestWithoutDataOrRefStartsAnew() throws IOException {
        for (String missing : List.of("data", "ref")) {
            try (ContentWriter writer = store.writer(missing, 100, null)) {
                writer.write(TestBytes.of(50, 2).buffer());
            }
            Files.delete(ingest(missing).resolve(missing));
            assertThat(store.statuses()).isEmpty();

            try (ContentWriter writer = store.writer(missing, 200, null)) {
                assertThat(writer.status().offset()).isZero();
                assertThat(writer.status().total()).isEqualTo(200);
            }
            store.abort(missing);
        }
    }

    @Test
    void ingestsNobodyCanResumeAreDeletedAtStart() throws IOException {
        store.writer("good", 0, null).close();
        store.writer("no data", 0, null).close();
        Files.delete(ingest("no data").resolve("data"));
        Files.createDirectory(root.resolve("ingest/strange"));

        reopen();

        assertThat(root.resolve("ingest")).isDirectoryContaining(path -> path.equals(ingest("good")));
        assertThat(ingest("no data")).doesNotExist();
        assertThat(root.resolve("ingest/strange")).doesNotExist();
    }

    @Test
    void aCommitCutShortByACrashCanBeRepeated() throws IOException {
        TestBytes data = TestBytes.of(100, 3);
        try (ContentWriter writer = store.writer("ref", 0, null)) {
            writer.write(data.buffer());
        }
        Files.setPosixFilePermissions(ingest("ref").resolve("data"), PosixFilePermissions.fromString("r--r--r--"));
        reopen();

        try (ContentWriter writer = store.writer("ref", 100, data.digest())) {
            assertThat(writer.status().offset()).isEqualTo(100);
            writer.commit(100, data.digest(), Map.of());
        }
        assertThat(store.size(data.digest())).isEqualTo(100);
    }

    @Test
    void messagesAreThoseClientsKnow() {
        TestBytes data = TestBytes.of(4, 4);
        try (ContentWriter writer = store.writer("busy", 0, null)) {
            writer.write(data.buffer());
            assertThatThrownBy(() -> store.writer("busy", 0, null))
                    .hasMessageContaining("ref busy locked for ")
                    .hasMessageEndingWith(": unavailable");
            assertThatThrownBy(() -> writer.commit(5, null, Map.of()))
                    .hasMessage("unexpected commit size 4, expected 5: failed precondition");
            Digest wrong = TestBytes.of(4, 5).digest();
            assertThatThrownBy(() -> writer.commit(4, wrong, Map.of()))
                    .hasMessage("unexpected commit digest " + data.digest() + ", expected " + wrong
                            + ": failed precondition");
            assertThatThrownBy(() -> store.size(wrong)).hasMessage("content " + wrong + ": not found");
        }
        assertThatThrownBy(() -> store.status("none")).hasMessage("ingest ref \"none\": not found");
    }

    @Test
    void anAbortedIngestCannotBeCommittedByItsWriter() {
        try (ContentWriter writer = store.writer("ref", 0, null)) {
            writer.write(TestBytes.of(4, 6).buffer());
            store.abort("ref");

            assertFails(ErrorKind.NOT_FOUND, () -> writer.commit(0, null, Map.of()));
        }
        assertThat(store.statuses()).isEmpty();
    }

    @Test
    void truncateBeyondTheEndIsRefused() {
        try (ContentWriter writer = store.writer("ref", 0, null)) {
            assertFails(ErrorKind.OUT_OF_RANGE, () -> writer.truncate(1));
            assertFails(ErrorKind.OUT_OF_RANGE, () -> writer.truncate(-1));
        }
    }

    @Test
    void filesThatAreNoBlobsAreNotShown() throws IOException {
        Files.createDirectories(root.resolve("blobs/md5"));
        Files.writeString(root.resolve("blobs/md5/d41d8cd98f00b204e9800998ecf8427e"), "");
        Files.createDirectories(root.resolve("blobs/sha256"));
        Files.writeString(root.resolve("blobs/sha256/README"), "");

        store.walk(digest -> {
            throw new AssertionError("shown: " + digest);
        });
    }

    @Test
    void aFullDiskIsToldAndWhatFitsCanBeResumed() {
        Path small = dirs.directory("small");
        Mounts.mount("tmpfs", "tmpfs", small, List.of("size=1m"));
        LocalContentStore full = LocalContentStore.open(small, clock);
        TestBytes data = TestBytes.of(3 << 20, 7);

        try (ContentWriter writer = full.writer("ref", data.size(), data.digest())) {
            assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> writer.write(data.buffer()));
        }
        Mounts.mount("tmpfs", "tmpfs", small, List.of("remount", "size=8m"));

        try (ContentWriter writer = full.writer("ref", data.size(), data.digest())) {
            int offset = (int) writer.status().offset();
            assertThat(offset).isBetween(1, 1 << 20);
            writer.write(data.buffer(offset, data.size()));
            writer.commit(data.size(), data.digest(), Map.of());
        }
        assertThat(TestBytes.readAll(full.open(data.digest()))).isEqualTo(data.bytes());
    }

    private Path ingest(String ref) {
        return root.resolve("ingest/" + Digest.sha256(ref.getBytes(UTF_8)).hex());
    }
}
