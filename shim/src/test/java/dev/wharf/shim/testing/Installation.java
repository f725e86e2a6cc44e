package dev.wharf.shim.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** The launcher as dist delivers it, with {@link ProcessRuntime} for its program. */
final class Installation {
    private static final Path DIST =
            Path.of("../dist/src/main").toAbsolutePath().normalize();
    private static final String LAUNCHER = "containerd-shim-wharf-v1";

    private final Path home;

    private Installation(Path home) {
        this.home = home;
    }

    static Installation in(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Path java = Files.createDirectories(home.resolve("runtime/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Files.copy(DIST.resolve("bin").resolve(LAUNCHER), home.resolve("bin").resolve(LAUNCHER));
        Files.copy(DIST.resolve("jvm/shim.jvm"), home.resolve("lib/shim.jvm"));
        Files.copy(DIST.resolve("jvm/shim-wharf.jvm"), home.resolve("lib/shim-wharf.jvm"));
        writeJar(home.resolve("lib/wharf-shim-wharf-v1.jar"));
        return new Installation(home);
    }

    private static void writeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, ProcessRuntime.class.getName());
        main.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.finish();
        }
    }

    Path launcher() {
        return home.resolve("bin").resolve(LAUNCHER);
    }
}
