package dev.wharf.services.tasks;

import dev.wharf.api.types.Metric;
import dev.wharf.api.types.task.Process;
import dev.wharf.core.context.Context;
import dev.wharf.core.context.Context.Deadline;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.filter.Fields;
import dev.wharf.core.runtime.Task;
import dev.wharf.wire.AnyMessages;
import dev.wharf.wire.TaskMessages;
import dev.wharf.wire.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one task or all of them for what they can say within two seconds each. */
final class TaskQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(TaskQuestions.class);

    /** Containerd's {@code io.containerd.timeout.task.state}. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InstantSource clock;

    TaskQuestions(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The state of a process. One whose runtime answers with nonsense has the state unknown; only that it is not there
     * or does not answer is thrown.
     */
    Process state(Context ctx, Task task, String execId) {
        try {
            return TaskMessages.toProto(task.state(soon(ctx), execId));
        } catch (WharfException e) {
            return switch (e.kind()) {
                case NOT_FOUND, UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> throw e;
                default -> unknown(task, execId, e);
            };
        }
    }

    private static Process unknown(Task task, String execId, WharfException failure) {
        LOG.atError()
                .addKeyValue("id", task.id())
                .addKeyValue("exec", execId)
                .setCause(failure)
                .log("cannot tell the state of a process");
        return Process.newBuilder().setId(execId.isEmpty() ? task.id() : execId).build();
    }

    /** The states of the init processes of those tasks that answer. */
    List<Process> states(Context ctx, List<Task> tasks) throws InterruptedException {
        return askAll(tasks, task -> state(ctx, task, ""));
    }

    /** The measurements of those tasks that answer. */
    List<Metric> metrics(Context ctx, List<Task> tasks) throws InterruptedException {
        return askAll(tasks, task -> metric(ctx, task));
    }

    private Metric metric(Context ctx, Task task) {
        Instant collected = clock.instant();
        return Metric.newBuilder()
                .setTimestamp(Times.toProto(collected))
                .setId(task.id())
                .setData(AnyMessages.toProto(task.stats(soon(ctx))))
                .build();
    }

    /** What a filter of Metrics can name. */
    static Fields fields(Task task) {
        return path -> switch (path.getFirst()) {
            case "id" -> Fields.leaf(path, task.id());
            case "namespace" -> Fields.leaf(path, task.namespace());
            default -> Optional.empty();
        };
    }

    private Context soon(Context ctx) {
        return ctx.withDeadline(Deadline.after(ctx.remaining(PATIENCE), clock));
    }

    private static <R> List<R> askAll(List<Task> tasks, Function<Task, R> question) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<R>>> answers = new ArrayList<>(tasks.size());
            for (Task task : tasks) {
                answers.add(threads.submit(io.grpc.Context.current().wrap(() -> ask(task, question))));
            }
            List<R> given = new ArrayList<>(tasks.size());
            for (Future<Optional<R>> answer : answers) {
                result(answer).ifPresent(given::add);
            }
            return given;
        }
    }

    private static <R> Optional<R> result(Future<Optional<R>> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question to a task failed", e.getCause());
        }
    }

    /** A task that was deleted meanwhile is left out, and so is, with a word, one that fails: the others count. */
    private static <R> Optional<R> ask(Task task, Function<Task, R> question) {
        try {
            return Optional.of(question.apply(task));
        } catch (RuntimeException e) {
            if (e instanceof WharfException known && known.kind() == ErrorKind.NOT_FOUND) {
                LOG.debug("task went while it was asked id={}", task.id());
            } else {
                LOG.atWarn().addKeyValue("id", task.id()).setCause(e).log("task does not answer");
            }
            return Optional.empty();
        }
    }
}
