package dev.wharf.client.run;

import dev.wharf.client.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The runtime spec a container has before anything is asked for: that of containerd's clients, for Linux. */
final class DefaultSpec {
    static final String OCI_VERSION = "1.1.0";
    static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_NET_RAW",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_NET_BIND_SERVICE",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/sys/firmware",
            "/sys/devices/virtual/powercap",
            "/proc/scsi");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private static final List<SpecMount> MOUNTS = List.of(
            new SpecMount("proc", "proc", "/proc", List.of("nosuid", "noexec", "nodev")),
            new SpecMount("tmpfs", "tmpfs", "/dev", List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
            new SpecMount(
                    "devpts",
                    "devpts",
                    "/dev/pts",
                    List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
            new SpecMount("tmpfs", "shm", "/dev/shm", List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k")),
            new SpecMount("mqueue", "mqueue", "/dev/mqueue", List.of("nosuid", "noexec", "nodev")),
            new SpecMount("sysfs", "sysfs", "/sys", List.of("nosuid", "noexec", "nodev", "ro")),
            new SpecMount("tmpfs", "tmpfs", "/run", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));

    /**
     * The character devices a container may use, major and minor: null, random, full, tty, zero, urandom, console, all
     * terminals of devpts (any minor), ptmx.
     */
    private static final long[][] DEVICES = {
        {1, 3}, {1, 8}, {1, 7}, {5, 0}, {1, 5}, {1, 9}, {5, 1}, {136, -1}, {5, 2},
    };

    private DefaultSpec() {}

    static ObjectNode of(String namespace, String id) {
        ObjectNode spec = Json.object().put("ociVersion", OCI_VERSION);
        spec.set("process", process());
        spec.set("root", Json.object().put("path", "rootfs"));
        spec.set("mounts", Json.tree(MOUNTS.stream().map(DefaultSpec::mount).toList()));
        spec.set("linux", linux(namespace, id));
        return spec;
    }

    static Map<String, Object> mount(SpecMount mount) {
        return ordered(
                "destination", mount.destination(),
                "type", mount.type(),
                "source", mount.source(),
                "options", mount.options());
    }

    private static ObjectNode process() {
        ObjectNode process = Json.object();
        process.set("user", Json.tree(ordered("uid", 0, "gid", 0, "additionalGids", List.of(0))));
        process.put("cwd", "/");
        process.set(
                "capabilities",
                Json.tree(ordered(
                        "bounding", CAPABILITIES,
                        "effective", CAPABILITIES,
                        "permitted", CAPABILITIES)));
        process.set("rlimits", Json.tree(List.of(ordered("type", "RLIMIT_NOFILE", "hard", 1024, "soft", 1024))));
        process.put("noNewPrivileges", true);
        return process;
    }

    private static ObjectNode linux(String namespace, String id) {
        ObjectNode linux = Json.object();
        linux.set("resources", Json.tree(Map.of("devices", devices())));
        linux.put("cgroupsPath", "/" + namespace + "/" + id);
        linux.set(
                "namespaces",
                Json.tree(List.of("pid", "ipc", "uts", "mount", "network").stream()
                        .map(type -> Map.of("type", type))
                        .toList()));
        linux.set("maskedPaths", Json.tree(MASKED));
        linux.set("readonlyPaths", Json.tree(READ_ONLY));
        return linux;
    }

    private static List<Map<String, Object>> devices() {
        List<Map<String, Object>> rules = new ArrayList<>();
        rules.add(ordered("allow", false, "access", "rwm"));
        for (long[] device : DEVICES) {
            Map<String, Object> rule = ordered("allow", true, "type", "c", "major", device[0], "access", "rwm");
            if (device[1] >= 0) {
                rule.put("minor", device[1]);
            }
            rules.add(rule);
        }
        return rules;
    }

    private static Map<String, Object> ordered(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }
}
