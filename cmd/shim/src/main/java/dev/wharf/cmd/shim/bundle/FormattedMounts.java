package dev.wharf.cmd.shim.bundle;

import dev.wharf.api.types.Mount;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FilesAt;
import dev.wharf.lib.linux.OpenFlags;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mounts that refer to those before them, as containerd's mount manager resolves them for other shims: a type beginning
 * with {@code format/} has <code>{{ mount 0 }}</code> and the like in its source and options, one with {@code mkdir/}
 * names directories to make.
 */
final class FormattedMounts {
    private static final String FORMAT = "format/";
    private static final String MKDIR = "mkdir/";
    private static final String MKDIR_PATH = "X-containerd.mkdir.path=";
    private static final Pattern REFERENCE =
            Pattern.compile("\\{\\{ *(mount|source|overlay) +([0-9]{1,4})(?: +([0-9]{1,4}))? *}}");
    private static final int DIRECTORY_MODE = 0755;

    private final List<Mount> before;
    private final List<Path> places;

    /** The mounts that were made before, and where. */
    FormattedMounts(List<Mount> before, List<Path> places) {
        this.before = List.copyOf(before);
        this.places = List.copyOf(places);
    }

    /** Whether any of them refers to others, so that they do not stack on the root file system. */
    static boolean isIn(List<Mount> mounts) {
        return mounts.stream().anyMatch(mount -> isFormatted(mount.getType()));
    }

    private static boolean isFormatted(String type) {
        return type.startsWith(FORMAT) || type.startsWith(MKDIR);
    }

    /** The mount as the kernel takes it; directories it needs are made. */
    Mount resolve(Mount mount) {
        String type = mount.getType();
        Mount.Builder resolved = mount.toBuilder();
        while (isFormatted(type)) {
            if (type.startsWith(FORMAT)) {
                format(resolved);
            } else {
                makeDirectories(resolved);
            }
            type = type.substring(type.indexOf('/') + 1);
        }
        return resolved.setType(type).build();
    }

    private void format(Mount.Builder mount) {
        List<String> options = mount.getOptionsList().stream().map(this::format).toList();
        mount.setSource(format(mount.getSource())).clearOptions().addAllOptions(options);
    }

    private String format(String text) {
        Matcher references = REFERENCE.matcher(text);
        return references.replaceAll(reference -> Matcher.quoteReplacement(value(
                reference.group(1),
                Integer.parseInt(reference.group(2)),
                reference.group(3) == null ? -1 : Integer.parseInt(reference.group(3)))));
    }

    private String value(String word, int first, int last) {
        if (first >= places.size() || last >= places.size()) {
            throw new IllegalArgumentException(
                    "a mount refers to mount " + Math.max(first, last) + ", which is not before it");
        }
        return switch (word) {
            case "mount" -> places.get(first).toString();
            case "source" -> before.get(first).getSource();
            default -> overlay(first, last);
        };
    }

    /** All from the first to the last, in this order, as lower directories. */
    private String overlay(int first, int last) {
        List<String> layers = new ArrayList<>();
        int step = first <= last ? 1 : -1;
        for (int i = first; i != last + step; i += step) {
            layers.add(places.get(i).toString());
        }
        return String.join(":", layers);
    }

    private static void makeDirectories(Mount.Builder mount) {
        List<String> rest = new ArrayList<>();
        for (String option : mount.getOptionsList()) {
            if (option.startsWith(MKDIR_PATH)) {
                makeDirectory(option.substring(MKDIR_PATH.length()).split(":", -1));
            } else {
                rest.add(option);
            }
        }
        mount.clearOptions().addAllOptions(rest);
    }

    /** Path, and after colons mode, owner and group. */
    private static void makeDirectory(String[] parts) {
        Path directory = Path.of(parts[0]);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
        FilesAt.chmod(Fd.CWD, parts[0], parts.length > 1 ? Integer.parseInt(parts[1], 8) : DIRECTORY_MODE);
        if (parts.length > 3) {
            int uid = Integer.parseInt(parts[2]);
            int gid = Integer.parseInt(parts[3]);
            FilesAt.chown(Fd.CWD, parts[0], uid, gid, OpenFlags.AT_SYMLINK_NOFOLLOW);
        }
    }
}
