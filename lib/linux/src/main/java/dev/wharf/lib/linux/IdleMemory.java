package dev.wharf.lib.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives memory of this process back to the kernel, for times when it has nothing to do. */
public final class IdleMemory {
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_NOHUGEPAGE = 15;

    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (r-[-x]p) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ ([0-9]+) +(/.*)");

    private static final Pattern ANONYMOUS = Pattern.compile("Anonymous: +([0-9]+) kB");

    private IdleMemory() {}

    /** A part of the address space: {@code start} to before {@code end}. */
    record Range(long start, long end) {
        long length() {
            return end - start;
        }
    }

    /** Gives back what malloc keeps of freed memory; nothing where the C library cannot. Source: malloc_trim(3). */
    public static void trimHeap() {
        Downcall.find("malloc_trim").ifPresent(IdleMemory::trim);
    }

    private static void trim(MemorySegment function) {
        long released = Downcall.call(function, 0, 0, 0, 0, 0, 0, 0);
        assert released >= 0;
    }

    /**
     * Unmaps the pages of programs and of other read-only files that are mapped, and answers how many bytes of address
     * space that concerned. They stay in the kernel's cache, where the next access finds them without reading the disk,
     * but count no more as memory of this process and may be dropped when others need room.
     *
     * <p>Only what cannot differ from the file is touched: private mappings that are not writable and hold no page of
     * their own; of shared libraries only the code, since their data is writable for a moment while they are loaded.
     * From then on the next access maps a few pages around it: file systems that keep large folios would have it map 2
     * MiB again. Sources: madvise(2), proc_pid_smaps(5).
     */
    public static long dropFilePages() throws IOException {
        long bytes = 0;
        for (Range range : unchanged(Files.readAllLines(Path.of("/proc/self/smaps")))) {
            // A kernel without huge pages refuses this.
            advise(range, MADV_NOHUGEPAGE);
            if (advise(range, MADV_DONTNEED)) {
                bytes += range.length();
            }
        }
        return bytes;
    }

    private static boolean advise(Range range, int advice) {
        return Syscall.MADVISE.call(range.start(), range.length(), advice) == 0;
    }

    /** The mappings that can be dropped, of those in an smaps file. */
    static List<Range> unchanged(List<String> smaps) {
        List<Range> unchanged = new ArrayList<>();
        List<Range> last = List.of();
        for (String line : smaps) {
            Matcher anonymous = ANONYMOUS.matcher(line);
            if (anonymous.matches()) {
                unchanged.addAll(anonymous.group(1).equals("0") ? last : List.of());
                last = List.of();
            } else if (line.indexOf('-') > 0 && line.indexOf(':') > line.indexOf('-')) {
                last = candidate(MAPPING.matcher(line));
            }
        }
        return unchanged;
    }

    private static List<Range> candidate(Matcher mapping) {
        if (!mapping.matches() || mapping.group(4).equals("0")) {
            return List.of();
        }
        boolean code = mapping.group(3).equals("r-xp");
        if (!code && mapping.group(5).contains(".so")) {
            return List.of();
        }
        return List.of(
                new Range(Long.parseUnsignedLong(mapping.group(1), 16), Long.parseUnsignedLong(mapping.group(2), 16)));
    }
}
