package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.content.BlobStore;
import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.oci.Digest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Content as each namespace sees it: rows in the metadata database above one {@link BlobStore}.
 *
 * <p>A row is written after its blob is durable and removed before it; a blob or ingest of the blob store that no row
 * knows is rubbish, and the collector takes it.
 */
public final class SqliteContentStore implements ContentStore {
    private static final Duration INGEST_LIFE = Duration.ofHours(24);

    private final SqliteDatabase database;
    private final BlobStore blobs;
    private final SharingPolicy policy;
    private final EventBus events;
    private final InstantSource clock;
    private final BlobPins pins = new BlobPins();

    /** A store above {@code blobs} that publishes to {@code events}; there must be one only above a blob store. */
    public SqliteContentStore(
            SqliteDatabase database, BlobStore blobs, SharingPolicy policy, EventBus events, InstantSource clock) {
        this.database = database;
        this.blobs = blobs;
        this.policy = policy;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public ContentInfo info(Context ctx, Digest digest) {
        return database.read(ctx, session -> ContentRows.find(session, ctx.namespace(), digest))
                .orElseThrow(() -> notFound(digest));
    }

    @Override
    public ContentInfo update(Context ctx, ContentInfo info, List<String> paths) {
        return database.write(ctx, Change.MUTATION, tx -> {
            ContentInfo current = ContentRows.find(tx.session(), ctx.namespace(), info.digest())
                    .orElseThrow(() -> notFound(info.digest()));
            Map<String, String> labels =
                    Masks.labels(current.labels(), info.labels(), paths, "content info \"" + info.digest() + "\"");
            StoreRules.checkLabels("info.Labels", labels);
            ContentInfo updated =
                    new ContentInfo(current.digest(), current.size(), current.createdAt(), clock.instant(), labels);
            ContentRows.write(tx, ctx.namespace(), updated);
            return updated;
        });
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor) {
        Filter filter = Filter.parse(filters);
        List<ContentInfo> all = database.read(ctx, session -> ContentRows.all(session, ctx.namespace()));
        all.stream().filter(filter::matches).forEach(visitor);
    }

    @Override
    public void delete(Context ctx, Digest digest) {
        database.write(ctx, Change.DELETION, tx -> {
            if (!ContentRows.remove(tx, ctx.namespace(), digest)) {
                throw notFound(digest);
            }
            LeaseScope.remove(tx, ctx, Node.content(digest));
            tx.afterCommit(database.leftovers()::content);
            publish(tx, ctx, new Event.ContentDeleted(digest.toString()));
            return true;
        });
    }

    @Override
    public ContentReader open(Context ctx, Digest digest) {
        info(ctx, digest);
        return blobs.open(digest);
    }

    @Override
    public IngestStatus status(Context ctx, String ref) {
        IngestRows.Row row = database.read(ctx, session -> IngestRows.find(session, ctx.namespace(), ref))
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("reference " + ref));
        return renamed(blobs.status(row.backendRef()), ref);
    }

    @Override
    public List<IngestStatus> statuses(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<IngestRows.Row> rows = database.read(ctx, session -> IngestRows.all(session, ctx.namespace()));
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<String, IngestStatus> known = new HashMap<>();
        blobs.statuses().forEach(status -> known.put(status.ref(), status));
        return rows.stream()
                .map(row -> Optional.ofNullable(known.get(row.backendRef())).map(found -> renamed(found, row.ref())))
                .flatMap(Optional::stream)
                .filter(filter::matches)
                .toList();
    }

    @Override
    public void abort(Context ctx, String ref) {
        IngestRows.Row row = database.write(ctx, Change.DELETION, tx -> {
            IngestRows.Row found = IngestRows.find(tx.session(), ctx.namespace(), ref)
                    .orElseThrow(() -> ErrorKind.NOT_FOUND.of("reference " + ref));
            IngestRows.remove(tx, ctx.namespace(), ref);
            LeaseScope.remove(tx, ctx, Node.ingest(ref));
            tx.afterCommit(database.leftovers()::content);
            return found;
        });
        ignoreMissing(() -> blobs.abort(row.backendRef()));
    }

    @Override
    public ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected) {
        if (ref.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("ref must not be empty");
        }
        if (expected == null) {
            return ownWriter(ctx, openIngest(ctx, ref, null, 0), total, null);
        }
        try (BlobPins.Pin pin = pins.pin(expected)) {
            Objects.requireNonNull(pin);
            Optional<Long> size = sizeOf(expected, total);
            Opened opened = openIngest(ctx, ref, expected, size.orElse(-1L));
            if (opened.shared()) {
                return new NamespacedWriter(
                        this, ctx, opened.row(), new NamespacedWriter.Shared(expected, size.orElseThrow()));
            }
            ContentWriter writer = ownWriter(ctx, opened, total, expected);
            if (size.isPresent() || sizeOf(expected, total).isEmpty()) {
                return writer;
            }
            writer.close();
        }
        // Another writer of this blob was done just before this one was opened: the blob need not be written again.
        return writer(ctx, ref, total, expected);
    }

    /**
     * An ingest that was opened.
     *
     * @param row its row
     * @param shared whether it stands for a blob of another namespace
     */
    private record Opened(IngestRows.Row row, boolean shared) {}

    private ContentWriter ownWriter(Context ctx, Opened opened, long total, @Nullable Digest expected) {
        ContentWriter writer = blobs.writer(opened.row().backendRef(), total, expected);
        return new NamespacedWriter(this, ctx, opened.row(), writer);
    }

    /** Opens the ingest's row; {@code size} is that of the blob {@code expected} in the blob store, -1 when it is not there. */
    private Opened openIngest(Context ctx, String ref, @Nullable Digest expected, long size) {
        Optional<Opened> opened = database.write(ctx, Change.MUTATION, tx -> {
            if (expected != null
                    && ContentRows.find(tx.session(), ctx.namespace(), expected).isPresent()) {
                LeaseScope.add(tx, ctx, Node.content(expected));
                return Optional.<Opened>empty();
            }
            boolean shared = expected != null && size >= 0 && mayShare(tx.session(), expected);
            StoreRules.ensureNamespace(tx, ctx.namespace());
            boolean leased = LeaseScope.add(tx, ctx, Node.ingest(ref));
            Long expiresAt = leased ? null : (Long) Times.nanos(clock.instant().plus(INGEST_LIFE));
            IngestRows.Row row = IngestRows.open(tx, ctx.namespace(), ref, shared ? expected : null, expiresAt);
            return Optional.of(new Opened(row, shared));
        });
        return opened.orElseThrow(() -> ErrorKind.ALREADY_EXISTS.of("content " + expected));
    }

    private boolean mayShare(Session session, Digest digest) throws SQLException {
        return policy == SharingPolicy.SHARED || ContentRows.isShareable(session, digest);
    }

    /** The size of a blob of the blob store; none if it is not there, or not of the total size if one is given. */
    private Optional<Long> sizeOf(Digest digest, long total) {
        try {
            return Optional.of(blobs.size(digest)).filter(found -> total == 0 || total == found);
        } catch (WharfException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Lists a blob that is in the blob store and pinned, in place of its ingest; {@code ALREADY_EXISTS} when this
     * namespace had it (then the ingest is gone too).
     */
    void list(Context ctx, String ref, Digest digest, long size, Map<String, String> labels) {
        boolean added = database.write(ctx, Change.MUTATION, tx -> {
            IngestRows.remove(tx, ctx.namespace(), ref);
            LeaseScope.remove(tx, ctx, Node.ingest(ref));
            StoreRules.ensureNamespace(tx, ctx.namespace());
            LeaseScope.add(tx, ctx, Node.content(digest));
            if (ContentRows.find(tx.session(), ctx.namespace(), digest).isPresent()) {
                return false;
            }
            Instant now = clock.instant();
            ContentRows.write(tx, ctx.namespace(), new ContentInfo(digest, size, now, now, Masks.withoutEmpty(labels)));
            publish(tx, ctx, new Event.ContentCreated(digest.toString(), size));
            return true;
        });
        if (!added) {
            throw ErrorKind.ALREADY_EXISTS.of("content " + digest);
        }
    }

    BlobStore blobs() {
        return blobs;
    }

    BlobPins pins() {
        return pins;
    }

    InstantSource clock() {
        return clock;
    }

    /** Deletes the blobs and ingests of the blob store that no row knows, and answers how many. */
    int removeUnknown() {
        // The list comes first: whatever is in it had a row before, so a missing row means that it was let go.
        List<IngestStatus> ingests = blobs.statuses();
        Set<String> known = new HashSet<>(database.read(IngestRows::backendRefs));
        int removed = 0;
        for (IngestStatus ingest : ingests) {
            if (!known.contains(ingest.ref())) {
                abortUnknown(ingest.ref());
                removed++;
            }
        }
        return removed + removeUnknownBlobs();
    }

    /** An ingest that somebody still writes to is left for the next run. */
    private void abortUnknown(String backendRef) {
        try {
            ignoreMissing(() -> blobs.abort(backendRef));
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.UNAVAILABLE) {
                throw e;
            }
            database.leftovers().content();
        }
    }

    private int removeUnknownBlobs() {
        var referenced = database.read(ContentRows::referenced);
        List<Digest> candidates = new ArrayList<>();
        blobs.walk(digest -> {
            if (!referenced.contains(digest)) {
                candidates.add(digest);
            }
        });
        int removed = 0;
        for (Digest digest : candidates) {
            removed += pins.deleteUnlessPinned(digest, () -> removeIfUnknown(digest)) ? 1 : 0;
        }
        return removed;
    }

    /** A blob may have been listed since it became a candidate, by a commit that has let go of its pin meanwhile. */
    private boolean removeIfUnknown(Digest digest) {
        if (database.read(session -> ContentRows.isReferenced(session, digest))) {
            return false;
        }
        ignoreMissing(() -> blobs.delete(digest));
        return true;
    }

    private static void ignoreMissing(Runnable removal) {
        try {
            removal.run();
        } catch (WharfException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static IngestStatus renamed(IngestStatus status, String ref) {
        return new IngestStatus(
                ref, status.offset(), status.total(), status.expected(), status.startedAt(), status.updatedAt());
    }

    private void publish(Transaction tx, Context ctx, Event event) {
        tx.afterCommit(() -> events.publish(ctx.namespace(), event.topic(), event));
    }

    private static WharfException notFound(Digest digest) {
        return ErrorKind.NOT_FOUND.of("content digest " + digest);
    }
}
