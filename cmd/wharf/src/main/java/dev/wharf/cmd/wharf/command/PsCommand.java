package dev.wharf.cmd.wharf.command;

import dev.wharf.cmd.wharf.args.Arguments;
import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.output.Human;
import dev.wharf.cmd.wharf.output.JsonText;
import dev.wharf.cmd.wharf.output.Table;
import dev.wharf.core.containers.Container;
import dev.wharf.core.runtime.ProcessState;
import dev.wharf.core.runtime.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code wharf ps}. */
final class PsCommand implements Command {
    private static final String NO_TASK = "no task";

    @Override
    public void describe(Syntax syntax) {
        syntax.description("Lists all containers and the state of their tasks.");
        syntax.flag("ids only", "-q", "--quiet");
    }

    @Override
    public int run(Arguments given, Session session) {
        List<Container> containers = session.client().containers().list(session.ctx(), List.of());
        if (given.has("--quiet")) {
            containers.forEach(container -> session.out().println(container.id()));
            return 0;
        }
        Map<String, ProcessState> tasks = new HashMap<>();
        if (!containers.isEmpty()) {
            session.client().tasks().states(session.ctx()).forEach(task -> tasks.put(task.containerId(), task));
        }
        session.out().print(session.globals().json() ? json(containers, tasks) : table(containers, tasks));
        return 0;
    }

    private static String table(List<Container> containers, Map<String, ProcessState> tasks) {
        Table table = new Table("CONTAINER", "IMAGE", "STATUS", "PID", "CREATED", "RUNTIME");
        Instant now = Instant.now();
        for (Container container : containers) {
            ProcessState task = tasks.get(container.id());
            table.row(
                    container.id(),
                    container.image().isEmpty() ? "-" : container.image(),
                    status(task),
                    task == null || task.status() == Status.STOPPED ? "-" : Integer.toString(task.pid()),
                    Human.age(container.createdAt(), now),
                    container.runtime().name());
        }
        return table.toString();
    }

    private static String status(@Nullable ProcessState task) {
        if (task == null) {
            return NO_TASK;
        }
        return task.status() == Status.STOPPED ? "stopped (" + task.exitStatus() + ")" : name(task.status());
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static String json(List<Container> containers, Map<String, ProcessState> tasks) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Container container : containers) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("id", container.id());
            one.put("image", container.image());
            one.put("runtime", container.runtime().name());
            one.put("snapshotter", container.snapshotter());
            one.put("createdAt", container.createdAt());
            one.put("labels", container.labels());
            ProcessState task = tasks.get(container.id());
            one.put("status", task == null ? NO_TASK : name(task.status()));
            if (task != null) {
                one.put("pid", task.pid());
                one.put("exitStatus", task.exitStatus());
            }
            all.add(one);
        }
        return JsonText.of(all) + "\n";
    }
}
