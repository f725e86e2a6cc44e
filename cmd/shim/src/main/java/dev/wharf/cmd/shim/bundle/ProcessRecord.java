package dev.wharf.cmd.shim.bundle;

import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.shim.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of one process.
 *
 * @param exec id of an added process, "" for the first one
 * @param stdio its streams
 * @param pid 0 until it is made
 * @param started whether it was started: the first one's program, an added one at all
 * @param exit how it ended, if it has
 * @param reported whether the daemon has taken the event of its end
 */
public record ProcessRecord(String exec, Stdio stdio, int pid, boolean started, Optional<Exit> exit, boolean reported) {
    JsonObject toJson() {
        JsonObject json = JsonObject.empty()
                .withUnlessEmpty("exec", exec)
                .with("stdio", stdio.toJson())
                .withUnlessEmpty("pid", pid)
                .withUnlessEmpty("started", started)
                .withUnlessEmpty("reported", reported);
        exit.ifPresent(
                end -> json.with("status", end.status()).with("exited", end.at().toString()));
        return json;
    }

    static ProcessRecord ofJson(JsonObject json) {
        Optional<Exit> exit = json.string("exited").isEmpty()
                ? Optional.empty()
                : Optional.of(new Exit((int) json.number("status"), Instant.parse(json.string("exited"))));
        return new ProcessRecord(
                json.string("exec"),
                json.object("stdio").map(Stdio::ofJson).orElse(Stdio.NONE),
                (int) json.number("pid"),
                json.flag("started"),
                exit,
                json.flag("reported"));
    }
}
