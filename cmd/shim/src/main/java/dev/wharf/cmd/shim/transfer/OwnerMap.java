package dev.wharf.cmd.shim.transfer;

import java.util.Arrays;
import java.util.List;

/** How a user namespace numbers users or groups. Source: user_namespaces(7), "uid_map". */
final class OwnerMap {
    /** What the kernel shows for an owner that a namespace has no number for. */
    private static final int NOBODY = 65534;

    private static final long ALL = 0xffff_ffffL;

    private final List<Range> ranges;

    private record Range(long inside, long outside, long count) {
        static Range of(String line) {
            String[] numbers = line.strip().split("\\s+");
            return new Range(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        }

        boolean isIdentity() {
            return inside == 0 && outside == 0 && count == ALL;
        }
    }

    private OwnerMap(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** Reads a file {@code uid_map} or {@code gid_map} as this process sees it. */
    static OwnerMap of(String file) {
        return new OwnerMap(Arrays.stream(file.split("\n"))
                .filter(line -> !line.isBlank())
                .map(Range::of)
                .toList());
    }

    /** Whether the numbers are those of the machine. */
    boolean isIdentity() {
        return ranges.stream().anyMatch(Range::isIdentity);
    }

    /** The machine's number; IllegalArgumentException where the container has no such owner. */
    int outside(int inside) {
        long number = Integer.toUnsignedLong(inside);
        return ranges.stream()
                .filter(range -> number >= range.inside && number < range.inside + range.count)
                .mapToInt(range -> (int) (number - range.inside + range.outside))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "owner " + number + " does not exist in the user namespace of the container"));
    }

    /** The container's number. */
    int inside(int outside) {
        long number = Integer.toUnsignedLong(outside);
        return ranges.stream()
                .filter(range -> number >= range.outside && number < range.outside + range.count)
                .mapToInt(range -> (int) (number - range.outside + range.inside))
                .findFirst()
                .orElse(NOBODY);
    }
}
