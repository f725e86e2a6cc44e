package dev.wharf.e2e;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is left on the heap of a Java process once all that nobody holds is collected, by class. Source: {@code jcmd
 * GC.class_histogram}, which collects garbage first.
 *
 * @param bytes of objects, by the name of their class
 */
record LiveHeap(Map<String, Long> bytes) {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");
    /** What the collector puts in gaps that it does not close. */
    private static final String FILLER = "jdk.internal.vm.Filler";

    private static final int MOST_SHOWN = 20;

    LiveHeap {
        bytes = Map.copyOf(bytes);
    }

    static LiveHeap of(long pid) {
        List<String> histogram = Programs.run(JCMD.toString(), String.valueOf(pid), "GC.class_histogram")
                .ok()
                .lines();
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (String line : histogram) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && !matcher.group(2).contains(FILLER)) {
                bytes.merge(matcher.group(2), Long.parseLong(matcher.group(1)), Long::sum);
            }
        }
        if (bytes.isEmpty()) {
            throw new AssertionError("no histogram: " + histogram);
        }
        return new LiveHeap(bytes);
    }

    long kibibytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum() / 1024;
    }

    /** The classes that take most more than they did, with the bytes they grew by. */
    List<String> growthSince(LiveHeap earlier) {
        return bytes.keySet().stream()
                .sorted(Comparator.comparingLong((String name) -> growth(earlier, name))
                        .reversed())
                .limit(MOST_SHOWN)
                .map(name -> growth(earlier, name) + " " + name)
                .toList();
    }

    private long growth(LiveHeap earlier, String name) {
        return bytes.getOrDefault(name, 0L) - earlier.bytes.getOrDefault(name, 0L);
    }
}
