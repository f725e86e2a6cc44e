package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.leases.Lease;
import dev.wharf.core.leases.LeaseManager;
import dev.wharf.core.leases.LeaseResource;
import dev.wharf.core.oci.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Leases in the metadata database. */
public final class SqliteLeaseManager implements LeaseManager {
    private static final String COLUMNS = "SELECT id, created_at, labels FROM leases WHERE ns = ?";
    private static final int RANDOM_BYTES = 8;

    private final SqliteDatabase database;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** A manager of leases that makes missing ids from {@code clock} and {@code random}. */
    public SqliteLeaseManager(SqliteDatabase database, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Lease create(Context ctx, String id, Map<String, String> labels) {
        StoreRules.checkLabels("lease.Labels", labels);
        Lease lease = new Lease(id.isEmpty() ? newId() : id, clock.instant(), Masks.withoutEmpty(labels));
        return database.write(ctx, Change.MUTATION, tx -> {
            if (tx.session().exists(COLUMNS + " AND id = ?", ctx.namespace(), lease.id())) {
                throw ErrorKind.ALREADY_EXISTS.of(quoted(lease.id()));
            }
            StoreRules.ensureNamespace(tx, ctx.namespace());
            tx.session()
                    .update(
                            "INSERT INTO leases(ns, id, labels, created_at) VALUES (?, ?, ?, ?)",
                            ctx.namespace(),
                            lease.id(),
                            JsonText.of(lease.labels()),
                            Times.nanos(lease.createdAt()));
            Node node = Node.lease(lease.id());
            Edge.root(node, "lease", GcLabels.expiry(lease.labels())).write(tx, ctx.namespace(), node);
            return lease;
        });
    }

    @Override
    public void delete(Context ctx, String id) {
        database.write(ctx, Change.DELETION, tx -> {
            if (tx.session().update("DELETE FROM leases WHERE ns = ? AND id = ?", ctx.namespace(), id) == 0) {
                throw notFound(id);
            }
            return true;
        });
    }

    @Override
    public List<Lease> list(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        List<Lease> all = database.read(
                ctx, session -> session.list(COLUMNS + " ORDER BY id", SqliteLeaseManager::lease, ctx.namespace()));
        return all.stream().filter(filter::matches).toList();
    }

    @Override
    public void addResource(Context ctx, String lease, LeaseResource resource) {
        database.write(ctx, Change.MUTATION, tx -> {
            boolean flat =
                    LeaseScope.isFlat(tx.session(), ctx.namespace(), lease).orElseThrow(() -> notFound(lease));
            LeaseScope.hold(tx, ctx.namespace(), lease, node(resource), flat);
            return true;
        });
    }

    @Override
    public void deleteResource(Context ctx, String lease, LeaseResource resource) {
        database.write(ctx, Change.DELETION, tx -> {
            checkExists(tx.session(), ctx, lease);
            LeaseScope.release(tx, ctx.namespace(), lease, node(resource));
            return true;
        });
    }

    @Override
    public List<LeaseResource> listResources(Context ctx, String lease) {
        return database.read(ctx, session -> {
            checkExists(session, ctx, lease);
            return session.list(
                    "SELECT to_type, to_key FROM edges WHERE ns = ? AND from_type = 'lease' AND from_key = ?"
                            + " ORDER BY to_type, to_key",
                    row -> new Node(row.getString(1), row.getString(2)).resource(),
                    ctx.namespace(),
                    lease);
        });
    }

    private static void checkExists(Session session, Context ctx, String lease) throws SQLException {
        if (!session.exists(COLUMNS + " AND id = ?", ctx.namespace(), lease)) {
            throw notFound(lease);
        }
    }

    private static Node node(LeaseResource resource) {
        resource.check();
        if (resource.kind().equals("content")) {
            try {
                Digest.parse(resource.id());
            } catch (WharfException e) {
                throw e.during("invalid content resource id " + resource.id());
            }
        }
        return Node.of(resource);
    }

    private String newId() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return clock.millis() + "-" + HexFormat.of().formatHex(bytes);
    }

    private static Lease lease(ResultSet row) throws SQLException {
        return new Lease(row.getString(1), Times.instant(row.getLong(2)), JsonText.strings(row.getString(3)));
    }

    private static String quoted(String id) {
        return "lease \"" + id + "\"";
    }

    private static WharfException notFound(String id) {
        return ErrorKind.NOT_FOUND.of(quoted(id));
    }
}
