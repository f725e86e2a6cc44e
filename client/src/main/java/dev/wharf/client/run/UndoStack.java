package dev.wharf.client.run;

import java.util.ArrayDeque;
import java.util.Deque;

/** Steps that take back what was done, run last first if the work fails. For one thread. */
final class UndoStack {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void push(Runnable step) {
        steps.push(step);
    }

    /** Takes everything back; failures of that are added to the failure that caused it. */
    void undo(Throwable cause) {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
