package dev.wharf.plugins.diff.walking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Runs programs of the machine in a directory. */
final class Programs {
    private Programs() {}

    /** Runs a shell script that must succeed; answers what it wrote. */
    static String sh(Path directory, String script) {
        try {
            Process process = new ProcessBuilder("sh", "-ec", script)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(script + "\nended with " + status + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(script, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(script, e);
        }
    }
}
