package dev.wharf.cmd.shim.sandbox;

import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.hold.ProcessId;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What of a sandbox has to be ended by who finds its bundle alone: the file {@code wharf-sandbox.json} in it.
 *
 * @param process that holds the namespaces
 * @param members the containers that have joined
 */
public record SandboxRemains(Optional<ProcessId> process, List<Member> members) {
    private static final String FILE = "wharf-sandbox.json";

    public SandboxRemains {
        members = List.copyOf(members);
    }

    /**
     * A container that has joined.
     *
     * @param id in the sandbox's namespace
     * @param bundle its directory
     */
    public record Member(String id, Path bundle) {}

    /** Reads the file; empty when the bundle is that of no sandbox. */
    public static Optional<SandboxRemains> of(Bundle bundle) {
        try {
            JsonObject json =
                    Json.readObject(Files.readAllBytes(bundle.directory().resolve(FILE)));
            return Optional.of(new SandboxRemains(
                    ProcessId.parse(json.string("process")),
                    json.objects("members").stream()
                            .map(member -> new Member(member.string("id"), Path.of(member.string("bundle"))))
                            .toList()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }

    void write(Bundle bundle) {
        JsonObject json = JsonObject.empty()
                .with(
                        "members",
                        members.stream()
                                .map(member -> JsonObject.empty()
                                        .with("id", member.id())
                                        .with("bundle", member.bundle().toString()))
                                .toList());
        process.ifPresent(id -> json.with("process", id.toString()));
        bundle.write(FILE, Json.write(json));
    }

    /** Ends the process and takes off the memory that members shared. */
    public void end(Bundle bundle) {
        process.flatMap(Pause::find).ifPresent(pause -> {
            pause.kill();
            pause.pidfd().close();
        });
        Sandbox.unmountMemory(bundle);
    }
}
