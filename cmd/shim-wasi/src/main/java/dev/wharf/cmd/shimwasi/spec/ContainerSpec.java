package dev.wharf.cmd.shimwasi.spec;

import dev.wharf.shim.ShimException;
import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a container consists of.
 *
 * @param arguments the first is the path of the module inside the root file system
 * @param environment as {@code NAME=VALUE}
 * @param directory working directory inside the root file system
 * @param user by whose rights files are reached
 * @param group by whose rights files are reached
 * @param root the root file system's directory
 * @param readonly whether the root file system cannot be written
 * @param mounts in the order they are made
 * @param memory most bytes the module may use; 0 where none are named
 */
public record ContainerSpec(
        List<String> arguments,
        List<String> environment,
        String directory,
        int user,
        int group,
        Path root,
        boolean readonly,
        List<SpecMount> mounts,
        long memory) {
    private static final int MAX_BYTES = 8 << 20;

    /** Checks that there is something to run. */
    public ContainerSpec {
        if (arguments.isEmpty() || arguments.getFirst().isEmpty()) {
            throw ShimException.invalidArgument(
                    "process.args of config.json is empty: its first element has to be the path of a WASI module");
        }
    }

    /**
     * Reads {@code config.json} of a bundle.
     *
     * @throws ShimException where it is missing or makes no sense
     */
    public static ContainerSpec read(Path bundle) {
        Path file = bundle.resolve("config.json");
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw ShimException.invalidArgument(file + " is larger than " + MAX_BYTES + " bytes");
            }
            return of(bundle, Json.readObject(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new ShimException(ShimException.Code.INVALID_ARGUMENT, "cannot read " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new ShimException(
                    ShimException.Code.INVALID_ARGUMENT, file + " is no runtime configuration: " + e.getMessage(), e);
        }
    }

    private static ContainerSpec of(Path bundle, JsonObject config) {
        JsonObject process = config.object("process").orElseGet(JsonObject::empty);
        JsonObject user = process.object("user").orElseGet(JsonObject::empty);
        JsonObject root = config.object("root").orElseGet(JsonObject::empty);
        JsonObject memory = config.object("linux")
                .flatMap(linux -> linux.object("resources"))
                .flatMap(resources -> resources.object("memory"))
                .orElseGet(JsonObject::empty);
        String path = root.string("path");
        return new ContainerSpec(
                process.strings("args"),
                process.strings("env"),
                process.string("cwd"),
                (int) user.number("uid"),
                (int) user.number("gid"),
                bundle.resolve(path.isEmpty() ? "rootfs" : path),
                root.flag("readonly"),
                config.objects("mounts").stream().map(SpecMount::of).toList(),
                Math.max(0, memory.number("limit")));
    }
}
