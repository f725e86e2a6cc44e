package dev.wharf.plugins.metadata.sqlite;

/** What a transaction means to the garbage collector. */
enum Change {
    /** Nothing: bookkeeping. */
    NONE,
    /** Something was made or changed. */
    MUTATION,
    /** Something was deleted, so that there may be garbage. */
    DELETION
}
