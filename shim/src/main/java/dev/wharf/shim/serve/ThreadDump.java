package dev.wharf.shim.serve;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what every thread, virtual ones included, is doing into a file of the group's directory. */
final class ThreadDump {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadDump.class);

    private ThreadDump() {}

    static void write(Path directory) {
        Path file = directory.resolve("threads");
        try {
            Files.deleteIfExists(file);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
            LOG.info("threads written file={}", file);
        } catch (IOException e) {
            LOG.error("cannot write threads file={}", file, e);
        }
    }
}
