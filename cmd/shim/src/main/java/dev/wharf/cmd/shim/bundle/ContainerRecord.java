package dev.wharf.cmd.shim.bundle;

import dev.wharf.shim.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is kept of one container, as {@code wharf-shim.json} in its bundle: enough for another process to go on with it.
 *
 * @param namespace of the container
 * @param id of the container
 * @param phase how far it is
 * @param checkpoint directory of the image it starts from, "" for none
 * @param parentCheckpoint the image below that one
 * @param init its first process
 * @param execs those added to it
 */
public record ContainerRecord(
        String namespace,
        String id,
        Phase phase,
        String checkpoint,
        String parentCheckpoint,
        ProcessRecord init,
        List<ProcessRecord> execs) {
    /** Version of the format; another one is not read. */
    private static final int VERSION = 1;

    /** Where a container is in its life, as far as a later shim has to know. */
    public enum Phase {
        /** The engine may be making it. */
        CREATING,
        /** It is made. */
        CREATED,
        /** It is being removed. */
        DELETING
    }

    public ContainerRecord {
        execs = List.copyOf(execs);
    }

    /** The same with another phase. */
    public ContainerRecord at(Phase now) {
        return new ContainerRecord(namespace, id, now, checkpoint, parentCheckpoint, init, execs);
    }

    JsonObject toJson() {
        return JsonObject.empty()
                .with("version", VERSION)
                .with("namespace", namespace)
                .with("id", id)
                .with("phase", phase.name())
                .withUnlessEmpty("checkpoint", checkpoint)
                .withUnlessEmpty("parentCheckpoint", parentCheckpoint)
                .with("init", init.toJson())
                .with("execs", execs.stream().map(ProcessRecord::toJson).toList());
    }

    static ContainerRecord ofJson(JsonObject json) {
        if (json.number("version") != VERSION) {
            throw new IllegalArgumentException("state of version " + json.number("version") + " is not known here");
        }
        return new ContainerRecord(
                json.string("namespace"),
                json.string("id"),
                phase(json.string("phase")),
                json.string("checkpoint"),
                json.string("parentCheckpoint"),
                ProcessRecord.ofJson(json.object("init").orElseGet(JsonObject::empty)),
                json.objects("execs").stream().map(ProcessRecord::ofJson).toList());
    }

    private static Phase phase(String name) {
        return Stream.of(Phase.values())
                .filter(phase -> phase.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no phase of a container: " + name));
    }
}
