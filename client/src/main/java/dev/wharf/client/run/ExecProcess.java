package dev.wharf.client.run;

import dev.wharf.client.WharfClient;
import dev.wharf.client.json.Json;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.runtime.Task;
import dev.wharf.core.typeurl.TypedValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts another process in a running container, with what its spec says of the first one unless told otherwise. */
public final class ExecProcess {
    private final WharfClient client;
    private final RootFiles roots;

    /** Starts processes in containers of a daemon. */
    public ExecProcess(WharfClient client, RootFiles roots) {
        this.client = client;
        this.roots = roots;
    }

    /** Starts a process; {@code NOT_FOUND} for the container or its task. */
    public RunningExec start(Context ctx, ExecRequest request, ProcessIo.Factory ioFactory) {
        TypedValue spec = client.containers().get(ctx, request.containerId()).spec();
        Task task = client.tasks().get(ctx, request.containerId());
        TypedValue process = process(spec, request, task.pid());
        UndoStack undo = new UndoStack();
        try {
            ProcessIo io = ioFactory.open(request.execId(), request.terminal());
            undo.push(io::close);
            task.exec(ctx, request.execId(), process, io.task());
            undo.push(() -> task.deleteProcess(ctx, request.execId()));
            task.start(ctx, request.execId());
            io.started(new TaskControl(ctx, task, request.execId()));
            return new RunningExec(ctx, task, request.execId(), io);
        } catch (RuntimeException e) {
            undo.undo(e);
            throw e;
        }
    }

    private TypedValue process(@Nullable TypedValue spec, ExecRequest request, int pid) {
        if (spec == null) {
            throw ErrorKind.FAILED_PRECONDITION.of("container " + request.containerId() + " has no spec");
        }
        JsonNode known = Json.parse(spec.value(), "spec of container " + request.containerId())
                .path("process");
        ObjectNode process = known instanceof ObjectNode object ? object : Json.object();
        process.set("args", Json.tree(request.args()));
        process.put("terminal", request.terminal());
        process.set("env", Json.tree(SpecBuilder.mergeEnv(Json.texts(process, "env"), env(request))));
        if (!request.cwd().isEmpty()) {
            process.put("cwd", request.cwd());
        }
        if (!request.user().isEmpty()) {
            UserLookup users = new UserLookup(roots.read(pid, UserLookup.FILES));
            process.set("user", SpecBuilder.userNode(users.find(request.user())));
        }
        return new TypedValue(TypedValue.PROCESS, Json.bytes(process));
    }

    private static List<String> env(ExecRequest request) {
        List<String> env = new ArrayList<>();
        if (request.terminal()) {
            env.add("TERM=xterm");
        }
        env.addAll(request.env());
        return env;
    }
}
