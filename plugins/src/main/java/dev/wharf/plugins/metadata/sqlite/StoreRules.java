package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.WharfException;
import dev.wharf.core.names.Labels;
import java.sql.SQLException;
import java.util.Map;

/** What every store does alike. */
final class StoreRules {
    private static final String EXISTS = "SELECT 1 FROM namespaces WHERE name = ?";
    private static final String MAKE = "INSERT INTO namespaces(name, labels) VALUES (?, '{}')";

    private StoreRules() {}

    /** Makes the namespace when it is the first time something is made in it. */
    static void ensureNamespace(Transaction tx, String ns) throws SQLException {
        if (!tx.session().exists(EXISTS, ns)) {
            tx.session().update(MAKE, ns);
        }
    }

    /** Checks labels, and says whose they are when they break the rule. */
    static void checkLabels(String noun, Map<String, String> labels) {
        try {
            Labels.check(labels);
        } catch (WharfException e) {
            throw e.during(noun);
        }
    }
}
