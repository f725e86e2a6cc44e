package dev.wharf.plugins.runtime.shim;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be taken back, last first, when a use case fails half way.
 *
 * <p>Closing runs what was added unless {@link #keep} was called; one step that fails does not stop the others.
 */
final class UndoStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UndoStack.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    private record Step(String what, Runnable undo) {}

    /** Adds how to take back what was just done. */
    void add(String what, Runnable undo) {
        steps.push(new Step(what, undo));
    }

    /** Keeps what was done. */
    void keep() {
        steps.clear();
    }

    @Override
    public void close() {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.undo.run();
            } catch (RuntimeException e) {
                LOG.warn("could not take back a step step={}", step.what, e);
            }
        }
    }
}
