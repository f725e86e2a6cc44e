package dev.wharf.shim;

/** Topics of task events. Source: containerd's runtime package. */
public final class Topics {
    /** A {@code TaskCreate}. */
    public static final String CREATE = "/tasks/create";

    /** A {@code TaskStart}. */
    public static final String START = "/tasks/start";

    /** A {@code TaskOOM}. */
    public static final String OOM = "/tasks/oom";

    /** A {@code TaskExit}. */
    public static final String EXIT = "/tasks/exit";

    /** A {@code TaskDelete}. */
    public static final String DELETE = "/tasks/delete";

    /** A {@code TaskExecAdded}. */
    public static final String EXEC_ADDED = "/tasks/exec-added";

    /** A {@code TaskExecStarted}. */
    public static final String EXEC_STARTED = "/tasks/exec-started";

    /** A {@code TaskPaused}. */
    public static final String PAUSED = "/tasks/paused";

    /** A {@code TaskResumed}. */
    public static final String RESUMED = "/tasks/resumed";

    /** A {@code TaskCheckpointed}. */
    public static final String CHECKPOINTED = "/tasks/checkpointed";

    private Topics() {}
}
