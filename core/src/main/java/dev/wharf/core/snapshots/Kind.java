package dev.wharf.core.snapshots;

import java.util.Locale;

/** The kinds of snapshot; see the package for their life. */
public enum Kind {
    VIEW,
    ACTIVE,
    COMMITTED;

    /** The kind as filters and {@code ctr} write it: {@code view}, {@code active}, {@code committed}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
