package dev.wharf.plugins.metadata.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection with its prepared statements, used by one thread at a time. */
final class Session implements AutoCloseable {
    private static final int MAX_STATEMENTS = 256;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Makes a value of the row a result set stands on. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Work that only reads. */
    interface Query<T> {
        T run(Session session) throws SQLException;
    }

    /** All rows. */
    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        return with(sql, parameters, statement -> {
            List<T> result = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    result.add(reader.read(rows));
                }
            }
            return result;
        });
    }

    /** The first row, if there is one. */
    <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        return with(sql, parameters, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
            }
        });
    }

    /** Whether there is a row. */
    boolean exists(String sql, @Nullable Object... parameters) throws SQLException {
        return first(sql, row -> true, parameters).isPresent();
    }

    /** The integer in the first column of the only row. */
    long number(String sql, @Nullable Object... parameters) throws SQLException {
        return first(sql, row -> row.getLong(1), parameters).orElseThrow(() -> new SQLException("no row from " + sql));
    }

    /** Changes rows and answers how many. */
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        return with(sql, parameters, PreparedStatement::executeUpdate);
    }

    /** Runs a statement that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement without parameters that is kept for the next time. */
    void executeKept(String sql) throws SQLException {
        with(sql, new Object[0], PreparedStatement::execute);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    /** Uses a kept statement. One that failed is not used again: the driver may have closed it under our hands. */
    private <T> T with(String sql, @Nullable Object[] parameters, Use<T> use) throws SQLException {
        PreparedStatement statement = prepared(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            statements.remove(sql);
            closeQuietly(statement, e);
            throw e;
        }
    }

    private static void closeQuietly(PreparedStatement statement, SQLException cause) {
        try {
            statement.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known != null) {
            return known;
        }
        if (statements.size() >= MAX_STATEMENTS) {
            var eldest = statements.entrySet().iterator();
            PreparedStatement old = eldest.next().getValue();
            eldest.remove();
            old.close();
        }
        PreparedStatement made = connection.prepareStatement(sql);
        statements.put(sql, made);
        return made;
    }
}
