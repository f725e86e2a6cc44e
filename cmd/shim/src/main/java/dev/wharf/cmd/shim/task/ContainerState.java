package dev.wharf.cmd.shim.task;

import dev.wharf.api.types.task.Status;

/** Where a container is in its life. */
enum ContainerState {
    CREATED("created", Status.CREATED),
    RUNNING("running", Status.RUNNING),
    PAUSED("paused", Status.PAUSED),
    STOPPED("stopped", Status.STOPPED),
    DELETED("deleted", Status.STOPPED);

    private final String word;
    private final Status status;

    ContainerState(String word, Status status) {
        this.word = word;
        this.status = status;
    }

    /** As error texts have it. */
    String word() {
        return word;
    }

    /** As clients are told. */
    Status status() {
        return status;
    }
}
