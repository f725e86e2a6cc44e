package dev.wharf.client.run;

import dev.wharf.client.image.ImageConfig;
import dev.wharf.client.json.Json;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.typeurl.TypedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds the runtime spec of a container (OCI runtime specification): containerd's defaults, then the image's config,
 * then what is asked for. For one thread.
 */
public final class SpecBuilder {
    private final ObjectNode spec;
    private final List<String> imageEnv = new ArrayList<>();
    private final List<String> env = new ArrayList<>();

    private SpecBuilder(ObjectNode spec) {
        this.spec = spec;
    }

    /** The defaults for a container of a namespace. */
    public static SpecBuilder defaults(String namespace, String id) {
        return new SpecBuilder(DefaultSpec.of(namespace, id));
    }

    /** Takes environment, command and working directory from an image; the user is set by {@link #user}. */
    public SpecBuilder image(ImageConfig config) {
        imageEnv.addAll(config.env());
        List<String> command = new ArrayList<>(config.entrypoint());
        command.addAll(config.command());
        args(command);
        return cwd(config.workingDir().isEmpty() ? "/" : config.workingDir());
    }

    /** Sets the command line, if there is one. */
    public SpecBuilder args(List<String> args) {
        if (!args.isEmpty()) {
            process().set("args", Json.tree(args));
        }
        return this;
    }

    /** Adds environment variables, {@code NAME=value} each, over those of the image. */
    public SpecBuilder env(List<String> variables) {
        env.addAll(variables);
        return this;
    }

    /** Sets the working directory. */
    public SpecBuilder cwd(String directory) {
        process().put("cwd", directory);
        return this;
    }

    /** Sets the user. */
    public SpecBuilder user(UserIds user) {
        process().set("user", userNode(user));
        return this;
    }

    /** Gives the process a terminal. */
    public SpecBuilder terminal() {
        process().put("terminal", true);
        env.add("TERM=xterm");
        return this;
    }

    /** Makes the root read only. */
    public SpecBuilder readOnlyRoot() {
        ((ObjectNode) spec.path("root")).put("readonly", true);
        return this;
    }

    /** Sets the host name. */
    public SpecBuilder hostname(String name) {
        spec.put("hostname", name);
        return this;
    }

    /** Limits memory, in bytes. */
    public SpecBuilder memory(long limit) {
        resources().set("memory", Json.object().put("limit", limit));
        return this;
    }

    /** Adds a mount. */
    public SpecBuilder mount(SpecMount mount) {
        ((ArrayNode) spec.path("mounts")).add(Json.tree(DefaultSpec.mount(mount)));
        return this;
    }

    /** Shares the network of the machine, with its hosts and resolver files. */
    public SpecBuilder hostNetwork(String hostname) {
        ArrayNode namespaces = (ArrayNode) linux().path("namespaces");
        namespaces.removeIf(namespace -> Json.text(namespace, "type").equals("network"));
        List<String> options = List.of("rbind", "ro");
        mount(new SpecMount("bind", "/etc/hosts", "/etc/hosts", options));
        mount(new SpecMount("bind", "/etc/resolv.conf", "/etc/resolv.conf", options));
        env.add("HOSTNAME=" + hostname);
        return this;
    }

    /** The spec; {@code INVALID_ARGUMENT} when neither image nor caller named a command. */
    public TypedValue build() {
        if (!process().path("args").isArray()) {
            throw ErrorKind.INVALID_ARGUMENT.of("the image names no command to run: give one after the image");
        }
        process().set("env", Json.tree(mergedEnv()));
        return new TypedValue(TypedValue.SPEC, Json.bytes(spec));
    }

    private List<String> mergedEnv() {
        List<String> base = imageEnv.isEmpty() ? List.of(DefaultSpec.PATH) : imageEnv;
        return mergeEnv(base, env);
    }

    /** Variables with others put over them: a name keeps its place, its last value counts. */
    static List<String> mergeEnv(List<String> base, List<String> over) {
        Map<String, String> merged = new LinkedHashMap<>();
        base.forEach(variable -> merged.put(name(variable), variable));
        over.forEach(variable -> merged.put(name(variable), variable));
        return List.copyOf(merged.values());
    }

    static ObjectNode userNode(UserIds user) {
        ObjectNode node = Json.object().put("uid", user.uid()).put("gid", user.gid());
        node.set("additionalGids", Json.tree(user.additionalGids()));
        return node;
    }

    private static String name(String variable) {
        int equals = variable.indexOf('=');
        return equals < 0 ? variable : variable.substring(0, equals);
    }

    private ObjectNode process() {
        return (ObjectNode) spec.path("process");
    }

    private ObjectNode linux() {
        return (ObjectNode) spec.path("linux");
    }

    private ObjectNode resources() {
        return (ObjectNode) linux().path("resources");
    }
}
