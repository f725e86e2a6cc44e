package dev.wharf.lib.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One mount of a mount namespace. Source: proc_pid_mountinfo(5).
 *
 * @param id number of the mount, reused after it is gone
 * @param parent id of the mount it is on
 * @param device the file system
 * @param root the directory of the file system that is seen at the mount point
 * @param mountPoint absolute path of where it is; a string, as one strange name must not hide all other mounts
 * @param options of this mount
 * @param propagation tags such as {@code shared:5}, none for a private mount
 * @param type file system type
 * @param source device or other name, as the file system has it
 * @param superOptions of the file system
 */
public record MountInfo(
        int id,
        int parent,
        Device device,
        String root,
        String mountPoint,
        List<String> options,
        List<String> propagation,
        String type,
        String source,
        List<String> superOptions) {
    private static final int PROPAGATION_FIELD = 6;
    private static final Path OWN = Path.of("/proc/thread-self/mountinfo");

    /** Paths that are listed as they are, without escapes. */
    private static final Pattern PLAIN = Pattern.compile("[\\w/.:@+=,-]*");

    public MountInfo {
        options = List.copyOf(options);
        propagation = List.copyOf(propagation);
        superOptions = List.copyOf(superOptions);
    }

    /** The mounts of the calling thread's mount namespace, in the order they were attached. */
    public static List<MountInfo> read() {
        return read(OWN);
    }

    /** The mounts a mountinfo file lists. */
    public static List<MountInfo> read(Path file) {
        return lines(file).map(MountInfo::parse).toList();
    }

    private static Stream<String> lines(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            // Not lines(): a name may hold a carriage return.
            return Arrays.stream(text.split("\n", -1)).filter(line -> !line.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The mounts on a directory and below it, in the order they were attached. */
    public static List<MountInfo> below(Path directory) {
        return below(canonical(directory), lines(OWN));
    }

    /** A machine has hundreds of mounts: only the lines that may be of these are read whole. */
    static List<MountInfo> below(String directory, Stream<String> lines) {
        boolean isAsListed = PLAIN.matcher(directory).matches();
        return lines.filter(line -> !isAsListed || line.contains(directory))
                .map(MountInfo::parse)
                .filter(mount -> isBelow(mount.mountPoint, directory))
                .toList();
    }

    /** The mount a path is in: the last one attached to the longest mount point the path starts with. */
    public static Optional<MountInfo> containing(Path path) {
        String wanted = canonical(path);
        return read().stream()
                .filter(mount -> isBelow(wanted, mount.mountPoint))
                .reduce((a, b) -> b.mountPoint.length() >= a.mountPoint.length() ? b : a);
    }

    /** Whether something is mounted on this very path. */
    public static boolean isMountPoint(Path path) {
        String wanted = canonical(path);
        return read().stream().anyMatch(mount -> mount.mountPoint.equals(wanted));
    }

    /** Whether the mount is on the directory or below it; both are canonical paths. */
    static boolean isBelow(String path, String directory) {
        return directory.equals("/") || path.equals(directory) || path.startsWith(directory + "/");
    }

    /** The path as the kernel lists it: symbolic links resolved, but for the last component. */
    static String canonical(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            return absolute.toString();
        }
        try {
            return parent.toRealPath().resolve(absolute.getFileName()).toString();
        } catch (IOException e) {
            // Nothing is mounted below what cannot be reached; the path as given says so as well.
            return absolute.toString();
        }
    }

    /**
     * Reads one line, whose characters stand for bytes.
     *
     * @throws IllegalArgumentException when it is no line of mountinfo
     */
    static MountInfo parse(String line) {
        List<String> fields = Arrays.asList(line.split(" ", -1));
        int separator = fields.indexOf("-");
        if (separator < PROPAGATION_FIELD || fields.size() < separator + 4) {
            throw new IllegalArgumentException("not a line of mountinfo: " + line);
        }
        return new MountInfo(
                Integer.parseInt(fields.get(0)),
                Integer.parseInt(fields.get(1)),
                device(fields.get(2)),
                unescape(fields.get(3)),
                unescape(fields.get(4)),
                options(fields.get(5)),
                List.copyOf(fields.subList(PROPAGATION_FIELD, separator)),
                unescape(fields.get(separator + 1)),
                unescape(fields.get(separator + 2)),
                options(fields.get(separator + 3)));
    }

    private static Device device(String field) {
        int colon = field.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not a device number: " + field);
        }
        return new Device(
                Integer.parseInt(field, 0, colon, 10), Integer.parseInt(field, colon + 1, field.length(), 10));
    }

    private static List<String> options(String field) {
        return Arrays.stream(field.split(",", -1)).map(MountInfo::unescape).toList();
    }

    /** Undoes the octal escapes for blank, tab, newline and backslash. */
    private static String unescape(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (isEscape(field, i)) {
                bytes.write(Integer.parseInt(field, i + 1, i + 4, 8));
                i += 3;
            } else {
                bytes.write(field.charAt(i));
            }
        }
        return FileNames.decode(bytes.toByteArray());
    }

    private static boolean isEscape(String field, int at) {
        return field.charAt(at) == '\\'
                && at + 3 < field.length()
                && field.substring(at + 1, at + 4).chars().allMatch(c -> c >= '0' && c <= '7');
    }
}
