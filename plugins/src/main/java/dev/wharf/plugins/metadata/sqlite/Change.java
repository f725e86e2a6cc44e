package dev.wharf.plugins.metadata.sqlite;

/** What a transaction means to the garbage collector. */
enum Change {
    /** Nothing: bookkeeping. */
    NONE,
    /** Something was made or changed. */
    MUTATION,
    /** Something was deleted, so that there may be garbage. */
    DELETION,
    /** The collector's own work, which calls for no further run. */
    COLLECTION;

    /** Whether it makes room on the disk, and so may use what is kept for that when the disk is full. */
    boolean makesRoom() {
        return this == DELETION || this == COLLECTION;
    }
}
