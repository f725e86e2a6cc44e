package dev.wharf.plugins.runtime.shim;

import dev.wharf.lib.linux.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what each shim binary reads when it is started; a file that was replaced counts as another one. */
final class BootstrapForms {
    private static final int MAX_KNOWN = 256;

    private final Map<Key, Form> known = new ConcurrentHashMap<>();

    /** What is written to a starting shim. */
    enum Form {
        /** Not found out yet. */
        UNKNOWN,
        /** BootstrapParams. */
        PARAMS,
        /** The runtime's options as Any, or nothing. */
        OPTIONS
    }

    private record Key(Path path, FileTime modified, long size) {}

    Form of(Path binary) {
        if (isVersionOne(binary)) {
            return Form.OPTIONS;
        }
        try {
            return known.getOrDefault(key(binary), Form.UNKNOWN);
        } catch (IOException e) {
            return Form.UNKNOWN;
        }
    }

    void put(Path binary, Form form) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        try {
            known.put(key(binary), form);
        } catch (IOException e) {
            return; // A binary that vanished after it ran is found out again if it comes back.
        }
    }

    private static Key key(Path binary) throws IOException {
        BasicFileAttributes file = Files.readAttributes(binary, BasicFileAttributes.class);
        return new Key(binary, file.lastModifiedTime(), file.size());
    }

    /** The shims of version 1 never read anything but options. */
    private static boolean isVersionOne(Path binary) {
        String name = Trees.name(binary);
        return name.contains("shim-runc-v1") || name.contains("shim-runhcs-v1");
    }

    /**
     * Whether a shim failed because it took the parameters for options: it reads the id as a type URL, which it does not
     * know, or which by chance it knows and cannot decode.
     */
    static boolean refusesParams(CommandResult result) {
        String said = result.stderrText() + result.stdoutText();
        return !result.timedOut()
                && ((said.contains("type with url") && said.contains("not found")) || said.contains("proto: "));
    }
}
