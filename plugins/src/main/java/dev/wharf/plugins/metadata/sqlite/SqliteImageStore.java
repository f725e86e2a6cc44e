package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.images.Image;
import dev.wharf.core.images.ImageStore;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Images in the metadata database. */
public final class SqliteImageStore implements ImageStore {
    private static final String COLUMNS =
            "SELECT name, labels, media_type, digest, size, annotations, created_at, updated_at FROM images WHERE ns = ?";
    private static final String ONE = COLUMNS + " AND name = ?";

    /** Images as they are mirrored in memory. */
    static final TableMirror.Table<Image> TABLE = new TableMirror.Table<>(
            COLUMNS + " ORDER BY name", ONE, SqliteImageStore::image, Image::name, RecordSizes::bytes);

    private final SqliteDatabase database;
    private final EventBus events;
    private final InstantSource clock;

    /** A store of images that publishes to {@code events}. */
    public SqliteImageStore(SqliteDatabase database, EventBus events, InstantSource clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Image get(Context ctx, String name) {
        return database.images().find(ctx, name).orElseThrow(() -> notFound(name));
    }

    @Override
    public Optional<Image> peek(Context ctx, String name) {
        return database.images().peek(ctx, name);
    }

    @Override
    public List<Image> list(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<Image> all = database.images().list(ctx);
        return filters.isEmpty() ? all : all.stream().filter(filter::matches).toList();
    }

    @Override
    public Image create(Context ctx, Image image) {
        check(image);
        return database.write(ctx, Change.MUTATION, tx -> {
            Instant now = clock.instant();
            Instant created = image.createdAt().equals(Instant.EPOCH) ? now : Times.stored(image.createdAt());
            Instant updated = image.updatedAt().equals(Instant.EPOCH) ? created : Times.stored(image.updatedAt());
            Image made = new Image(
                    image.name(), Masks.withoutEmpty(image.labels()), stored(image.target()), created, updated);
            if (tx.session().exists(ONE, ctx.namespace(), made.name())) {
                throw ErrorKind.ALREADY_EXISTS.of(quoted(made.name()));
            }
            StoreRules.ensureNamespace(tx, ctx.namespace());
            lease(tx, ctx, made);
            write(tx, ctx.namespace(), made);
            publish(tx, ctx, new Event.ImageCreated(made.name(), made.labels()));
            return made;
        });
    }

    @Override
    public Image update(Context ctx, Image image, List<String> paths) {
        if (image.name().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("image name is required for update");
        }
        return database.write(ctx, Change.MUTATION, tx -> {
            Image current = tx.session()
                    .first(ONE, SqliteImageStore::image, ctx.namespace(), image.name())
                    .orElseThrow(() -> notFound(image.name()));
            Image updated = changed(current, image, paths, clock.instant());
            check(updated);
            lease(tx, ctx, updated);
            write(tx, ctx.namespace(), updated);
            publish(tx, ctx, new Event.ImageUpdated(updated.name(), updated.labels()));
            return updated;
        });
    }

    @Override
    public void delete(Context ctx, String name, Optional<Descriptor> target) {
        database.write(ctx, Change.DELETION, tx -> {
            Image image = tx.session()
                    .first(ONE, SqliteImageStore::image, ctx.namespace(), name)
                    .orElseThrow(() -> notFound(name));
            Digest digest = image.target().digest();
            if (target.isPresent() && !target.get().digest().equals(digest)) {
                throw ErrorKind.NOT_FOUND.of(quoted(name) + " has target " + digest + ", not "
                        + target.get().digest());
            }
            tx.session().update("DELETE FROM images WHERE ns = ? AND name = ?", ctx.namespace(), name);
            database.images().remove(tx, ctx.namespace(), name);
            LeaseScope.remove(tx, ctx, Node.image(name));
            publish(tx, ctx, new Event.ImageDeleted(name));
            return true;
        });
    }

    private static Image changed(Image current, Image given, List<String> paths, Instant now) {
        Map<String, String> labels = paths.isEmpty() ? given.labels() : current.labels();
        Descriptor target = paths.isEmpty() ? given.target() : current.target();
        for (String path : paths) {
            Optional<String> label = Masks.key("labels", path);
            Optional<String> annotation = Masks.key("annotations", path);
            if (label.isPresent()) {
                labels = Masks.withKey(labels, given.labels(), label.get());
            } else if (annotation.isPresent()) {
                target = annotated(
                        target,
                        Masks.withKey(target.annotations(), given.target().annotations(), annotation.get()));
            } else {
                switch (path) {
                    case "labels" -> labels = given.labels();
                    case "target" -> target = given.target();
                    case "annotations" ->
                        target = annotated(target, given.target().annotations());
                    default -> throw Masks.unknown(path, quoted(current.name()));
                }
            }
        }
        return new Image(current.name(), Masks.withoutEmpty(labels), stored(target), current.createdAt(), now);
    }

    private static Descriptor annotated(Descriptor target, Map<String, String> annotations) {
        return new Descriptor(target.mediaType(), target.digest(), target.size(), annotations);
    }

    private static Descriptor stored(Descriptor target) {
        return annotated(target, Masks.withoutEmpty(target.annotations()));
    }

    private static void check(Image image) {
        if (image.name().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("image name must not be empty");
        }
        StoreRules.checkLabels("image.Labels", image.labels());
        if (image.target().size() <= 0) {
            throw ErrorKind.INVALID_ARGUMENT.of("target.Size must be greater than zero");
        }
        if (image.target().mediaType().isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("target.MediaType must be set");
        }
    }

    /** An image that does not expire is a root and needs no lease. */
    private static void lease(Transaction tx, Context ctx, Image image) throws SQLException {
        if (image.labels().containsKey(GcLabels.EXPIRE)) {
            LeaseScope.add(tx, ctx, Node.image(image.name()));
        }
    }

    private void write(Transaction tx, String ns, Image image) throws SQLException {
        tx.session()
                .update(
                        "INSERT OR REPLACE INTO images(ns, name, labels, media_type, digest, size, annotations,"
                                + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        ns,
                        image.name(),
                        JsonText.of(image.labels()),
                        image.target().mediaType(),
                        image.target().digest().toString(),
                        image.target().size(),
                        JsonText.of(image.target().annotations()),
                        Times.nanos(image.createdAt()),
                        Times.nanos(image.updatedAt()));
        Node node = Node.image(image.name());
        List<Edge> edges = new ArrayList<>();
        edges.add(Edge.root(node, "image", GcLabels.expiry(image.labels())));
        edges.add(Edge.part(node, Node.content(image.target().digest()), "target"));
        edges.addAll(GcLabels.references(node, image.labels()));
        edges.addAll(GcLabels.backReferences(node, image.labels()));
        edges.addAll(GcLabels.conditions(node, image.labels()));
        Edge.replace(tx, ns, node, edges);
        database.images().put(tx, ns, image);
    }

    private static Image image(ResultSet row) throws SQLException {
        Descriptor target = new Descriptor(
                row.getString(3), Digest.parse(row.getString(4)), row.getLong(5), JsonText.strings(row.getString(6)));
        return new Image(
                row.getString(1),
                JsonText.strings(row.getString(2)),
                target,
                Times.instant(row.getLong(7)),
                Times.instant(row.getLong(8)));
    }

    private void publish(Transaction tx, Context ctx, Event event) {
        tx.afterCommit(() -> events.publish(ctx.namespace(), event.topic(), event));
    }

    private static String quoted(String name) {
        return "image \"" + name + "\"";
    }

    private static WharfException notFound(String name) {
        return ErrorKind.NOT_FOUND.of(quoted(name));
    }
}
