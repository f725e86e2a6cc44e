package dev.wharf.cmd.shim.task;

import java.time.Duration;

/** How long things outside of this process may take, and how much there is of some. */
final class Limits {
    /** A command of an engine. */
    static final Duration ENGINE = Duration.ofMinutes(2);

    /** A command of an engine that takes away what is left, for which no call gives a time. */
    static final Duration CLEANUP = Duration.ofSeconds(20);

    /** Writing or reading an image of a container. */
    static final Duration CHECKPOINT = Duration.ofMinutes(10);

    /** Output that is still on its way when a process is removed. */
    static final Duration DRAIN = Duration.ofSeconds(10);

    /** A killed process until it is gone. */
    static final Duration END = Duration.ofSeconds(10);

    /** Transfers at a time: each can take some megabytes. */
    static final int TRANSFERS = 8;

    /** Transfers of one container at a time: its files can make each of them wait for ever. */
    static final int CONTAINER_TRANSFERS = 4;

    /** A transfer until others have ended. */
    static final Duration TURN = Duration.ofSeconds(30);

    private Limits() {}
}
