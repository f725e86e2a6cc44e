package dev.wharf.core.runtime;

/** The states a process of a task can be in. */
public enum Status {
    UNKNOWN,
    CREATED,
    RUNNING,
    STOPPED,
    PAUSED,
    PAUSING
}
