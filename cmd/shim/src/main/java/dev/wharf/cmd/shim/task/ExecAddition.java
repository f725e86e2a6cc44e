package dev.wharf.cmd.shim.task;

import dev.wharf.api.runtime.task.v3.ExecProcessRequest;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;

/** Adding a process to a container, to be started later. */
final class ExecAddition {
    private final Container container;
    private final ExecProcessRequest request;

    ExecAddition(Container container, ExecProcessRequest request) {
        this.container = container;
        this.request = request;
    }

    void run() {
        String id = request.getExecId();
        ContainerKey.requireIdentifier(id);
        container.life().reserve(id);
        try {
            container.life().requireExec(!container.checkpoint().isEmpty());
            Bundle bundle = container.bundle();
            bundle.write(bundle.execProcess(id).getFileName().toString(), process());
        } catch (RuntimeException e) {
            container.life().release(id);
            throw e;
        }
        Stdio stdio = new Stdio(request.getStdin(), request.getStdout(), request.getStderr(), request.getTerminal());
        container.life().add(new TaskProcess(id, stdio));
        container.lasting().save();
        container.events().execAdded(id);
    }

    private byte[] process() {
        try {
            JsonObject process = Json.readObject(request.getSpec().getValue().toByteArray());
            return Json.write(process.with("terminal", request.getTerminal()));
        } catch (IllegalArgumentException e) {
            throw ShimException.invalidArgument("process of exec " + request.getExecId() + ": " + e.getMessage());
        }
    }
}
