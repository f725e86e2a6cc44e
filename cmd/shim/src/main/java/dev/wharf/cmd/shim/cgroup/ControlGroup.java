package dev.wharf.cmd.shim.cgroup;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.wharf.lib.linux.CgroupMoves;
import dev.wharf.lib.linux.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The control group of a container: its directory for each controller in version 1, in version 2 one for all.
 *
 * @param unified whether it is of version 2
 * @param directories by controller, of version 2 under ""
 * @param isOwn whether it is not the group this process is in
 */
public record ControlGroup(boolean unified, Map<String, Path> directories, boolean isOwn) {
    private static final String ALL = "";

    /** The controllers in whose directories processes are looked for. */
    private static final List<String> FOR_PROCESSES = List.of("devices", "pids", "cpu", "memory", "freezer");

    public ControlGroup {
        directories = Map.copyOf(directories);
    }

    /** The group a process is in; empty when it is gone. Source: cgroups(7), /proc/pid/cgroup. */
    public static Optional<ControlGroup> of(int pid) {
        try {
            Map<String, String> names = names(pid);
            boolean isOwn = !names.equals(names(Processes.pid()));
            return of(names, CgroupMounts.get(), isOwn);
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    static Optional<ControlGroup> of(Map<String, String> names, CgroupMounts mounts, boolean isOwn) {
        Map<String, Path> directories = new HashMap<>();
        mounts.byController().forEach((controller, mount) -> {
            String name = names.get(controller);
            if (name != null) {
                directories.put(controller, mount.resolve(name.replaceAll("^/+", "")));
            }
        });
        return directories.isEmpty()
                ? Optional.empty()
                : Optional.of(new ControlGroup(mounts.unified(), directories, isOwn));
    }

    /**
     * Moves this process into a group that exists, in version 1 for each controller that has it.
     *
     * @param name from the top of each hierarchy
     * @throws IOException when there is none or it takes no process
     */
    public static void join(String name) throws IOException {
        String relative = name.replaceAll("^/+", "");
        List<Path> found = CgroupMounts.get().byController().values().stream()
                .distinct()
                .map(mount -> mount.resolve(relative))
                .filter(Files::isDirectory)
                .toList();
        if (found.isEmpty()) {
            throw new IOException("no such cgroup");
        }
        CgroupMoves.join(found);
    }

    /** Names of the group by controller. */
    private static Map<String, String> names(int pid) {
        Path file = Path.of("/proc/" + pid + "/cgroup");
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Map<String, String> parse(String text) {
        Map<String, String> names = new HashMap<>();
        text.lines().forEach(line -> {
            String[] parts = line.split(":", 3);
            if (parts.length == 3) {
                for (String controller : parts[1].split(",", -1)) {
                    names.put(controller, parts[2]);
                }
            }
        });
        return names;
    }

    /** The files of a controller; of all in version 2. */
    Optional<Figures> figures(String controller) {
        return Optional.ofNullable(directories.get(unified ? ALL : controller)).map(Figures::new);
    }

    /** The figures now, as io.containerd.cgroups.v1.Metrics or v2.Metrics. */
    public Any stats() {
        Message message = unified ? UnifiedStats.read(figures(ALL).orElseThrow()) : LegacyStats.read(this);
        return Any.newBuilder()
                .setTypeUrl(message.getDescriptorForType().getFullName())
                .setValue(message.toByteString())
                .build();
    }

    /** The pids in the group and those below it. */
    public List<Integer> processes() {
        List<String> controllers = unified ? List.of(ALL) : FOR_PROCESSES;
        return controllers.stream()
                .map(directories::get)
                .filter(directory -> directory != null && Files.isDirectory(directory))
                .findFirst()
                .map(ControlGroup::processes)
                .orElse(List.of());
    }

    private static List<Integer> processes(Path group) {
        List<Integer> pids = new ArrayList<>();
        try (Stream<Path> below = Files.walk(group)) {
            below.filter(Files::isDirectory)
                    .forEach(directory -> new Figures(directory)
                            .lines("cgroup.procs").stream()
                                    .map(pid -> (int) Figures.parse(pid))
                                    .forEach(pids::add));
        } catch (IOException | UncheckedIOException e) {
            // A group that goes away while it is looked at has no processes.
            return List.copyOf(pids);
        }
        return List.copyOf(pids);
    }
}
