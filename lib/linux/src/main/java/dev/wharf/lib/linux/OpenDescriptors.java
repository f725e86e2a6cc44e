package dev.wharf.lib.linux;

import java.io.File;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The descriptors this process has open. Source: proc_pid_fd(5). */
final class OpenDescriptors {
    private OpenDescriptors() {}

    /** Their numbers at this moment; one may be gone, or another open, a moment later. */
    static IntStream numbers() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? IntStream.empty() : Arrays.stream(names).mapToInt(Integer::parseInt);
    }
}
