package dev.wharf.cmd.wharfd.boot;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what every thread, virtual ones included, is doing: to the log and to a file, as SIGUSR1 asks for. */
public final class ThreadDump {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadDump.class);

    private final Path file;

    /** A dump to {@code containerd.<pid>.stacks.log} in a directory. */
    public ThreadDump(Path directory) {
        file = directory
                .resolve("containerd." + Processes.pid() + ".stacks.log")
                .toAbsolutePath();
    }

    /** Writes it, replacing an earlier one. */
    public void write() {
        try {
            Files.deleteIfExists(file);
            HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            diagnostics.dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            LOG.info("=== BEGIN thread stack dump ===\n{}\n=== END thread stack dump ===", Files.readString(file));
            LOG.info("thread stacks written file={}", file);
        } catch (IOException e) {
            LOG.error("cannot write thread stacks file={}", file, e);
        }
    }
}
