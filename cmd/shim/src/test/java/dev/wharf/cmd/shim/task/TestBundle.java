package dev.wharf.cmd.shim.task;

import dev.wharf.shim.json.Json;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A bundle with busybox as its root file system. */
final class TestBundle {
    private static final List<String> APPLETS = List.of(
            "sh",
            "sleep",
            "cat",
            "echo",
            "dd",
            "ls",
            "true",
            "kill",
            "stty",
            "tr",
            "head",
            "id",
            "mount",
            "wc",
            "readlink",
            "hostname",
            "trap");

    private final Path directory;
    private final JsonObject spec;

    private TestBundle(Path directory, JsonObject spec) {
        this.directory = directory;
        this.spec = spec;
    }

    /** A container that runs a program by its arguments, in namespaces of its own. */
    static TestBundle create(Path directory, String... arguments) throws IOException {
        Files.createDirectories(directory);
        return new TestBundle(directory, spec(arguments)).write();
    }

    /** Changes the configuration. */
    TestBundle with(java.util.function.Consumer<JsonObject> change) throws IOException {
        change.accept(spec);
        return write();
    }

    /** Puts busybox where the root file system is. */
    static void fill(Path rootfs) throws IOException {
        Path bin = Files.createDirectories(rootfs.resolve("bin"));
        for (String directory : List.of("proc", "dev", "tmp", "sys")) {
            Files.createDirectories(rootfs.resolve(directory));
        }
        Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
        }
    }

    TestBundle filled() throws IOException {
        fill(directory.resolve("rootfs"));
        return this;
    }

    Path directory() {
        return directory;
    }

    private TestBundle write() throws IOException {
        Files.write(directory.resolve("config.json"), Json.write(spec));
        return this;
    }

    /** A process as exec takes it. */
    static byte[] process(String... arguments) {
        return ("{\"args\":" + Json.toString(List.of(arguments))
                        + ",\"cwd\":\"/\",\"env\":[\"PATH=/bin\"],\"user\":{\"uid\":0,\"gid\":0}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject spec(String... arguments) {
        String text = """
                {"ociVersion":"1.3.0",
                 "process":{"terminal":false,"user":{"uid":0,"gid":0},"cwd":"/","env":["PATH=/bin"]},
                 "root":{"path":"rootfs"},"hostname":"test",
                 "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
                           {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755"]},
                           {"destination":"/dev/pts","type":"devpts","source":"devpts",
                            "options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620"]}],
                 "linux":{"namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"}],
                          "resources":{"devices":[{"allow":true,"access":"rwm"}]}}}
                """;
        JsonObject spec = Json.readObject(text.getBytes(StandardCharsets.UTF_8));
        spec.object("process").orElseThrow().with("args", List.of(arguments));
        return spec;
    }
}
