package dev.wharf.cmd.wharfd.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets how gladly the kernel kills this process when memory runs out. Source: proc_pid_oom_score_adj(5). */
public final class OomScore {
    private static final Logger LOG = LoggerFactory.getLogger(OomScore.class);

    private OomScore() {}

    /** Writes the score; 0 leaves it alone. A failure is logged and no more, as in containerd. */
    public static void set(int score) {
        if (score == 0) {
            return;
        }
        try {
            Files.writeString(Path.of("/proc/self/oom_score_adj"), Integer.toString(score));
        } catch (IOException e) {
            LOG.error("cannot change the OOM score score={}", score, e);
        }
    }
}
