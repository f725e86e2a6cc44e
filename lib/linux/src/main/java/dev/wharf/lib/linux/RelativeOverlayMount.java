package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Overlay mounts with many layers on kernels without {@code lowerdir+}: the layers are named relative to the directory
 * they have in common, which a thread of its own makes its working directory.
 */
final class RelativeOverlayMount {
    private RelativeOverlayMount() {}

    static void mount(String source, Path target, MountOptions options) {
        List<OverlayLayer> layers = OverlayLayer.of(options.data());
        String common = commonDirectory(layers);
        MountOptions shortened = new MountOptions(options.flags(), List.of(), relative(layers, common, options.data()));
        Path absolute = target.toAbsolutePath();
        PlatformThread.supply("mount-overlay", () -> {
            enter(OverlayLayer.unescape(common));
            Mounts.mountDirectly("overlay", source, absolute, shortened);
            return true;
        });
    }

    /** The longest path ending in a slash that all layers start with; empty when there is none. */
    private static String commonDirectory(List<OverlayLayer> layers) {
        String common = layers.isEmpty() ? "" : layers.getFirst().escaped();
        for (OverlayLayer layer : layers) {
            int length = 0;
            int most = Math.min(common.length(), layer.escaped().length());
            while (length < most && common.charAt(length) == layer.escaped().charAt(length)) {
                length++;
            }
            common = common.substring(0, length);
        }
        return common.substring(0, common.lastIndexOf('/') + 1);
    }

    private static List<String> relative(List<OverlayLayer> layers, String common, List<String> data) {
        List<OverlayLayer> relative = layers.stream()
                .map(layer -> new OverlayLayer(name(layer.escaped().substring(common.length())), layer.dataOnly()))
                .toList();
        List<String> options = new ArrayList<>();
        options.add(OverlayLayer.toOption(relative));
        data.stream().filter(option -> !OverlayLayer.isOption(option)).forEach(options::add);
        return options;
    }

    private static String name(String rest) {
        return rest.isEmpty() ? "." : rest;
    }

    /** Changes the working directory of the calling thread alone. */
    private static void enter(String directory) {
        Namespaces.unshareFileSystemState();
        try (Arena arena = Arena.ofConfined()) {
            String path = directory.isEmpty() ? "/" : directory;
            check(Syscall.CHDIR.call(Memory.string(arena, path).address()), "chdir", path);
        }
    }
}
