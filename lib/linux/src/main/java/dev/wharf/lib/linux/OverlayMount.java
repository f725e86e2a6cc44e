package dev.wharf.lib.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Overlay mounts whose options are too long for mount(2): each layer is handed over by itself.
 *
 * <p>Needs {@code lowerdir+} of Linux 6.8, and descriptors as layers of Linux 6.13 for paths above 255 bytes. Source: the
 * kernel's filesystems/overlayfs.rst.
 */
final class OverlayMount {
    /** The kernel's bound (OVL_MAX_STACK). */
    private static final int MAX_LAYERS = 500;

    private OverlayMount() {}

    /** Which option a layer goes by, and its directory. */
    private record Layer(String key, String directory) {}

    static void mount(String source, Path target, MountOptions options) {
        try (FsContext context = FsContext.open("overlay")) {
            context.set("source", source.isEmpty() ? "overlay" : source);
            for (String option : options.data()) {
                configure(context, option);
            }
            superFlags(context, options);
            context.create();
            try (MountTree tree = context.mount(MountAttributes.ofFlags(options.flags()))) {
                tree.attach(target);
            }
        }
    }

    private static void configure(FsContext context, String option) {
        int equals = option.indexOf('=');
        String key = equals < 0 ? option : option.substring(0, equals);
        String value = equals < 0 ? "" : option.substring(equals + 1);
        if (key.equals("lowerdir")) {
            layers(value).forEach(layer -> directory(context, layer));
        } else if (key.equals("upperdir") || key.equals("workdir")) {
            directory(context, new Layer(key, unescape(value)));
        } else if (equals < 0) {
            context.setFlag(key);
        } else {
            context.set(key, value);
        }
    }

    private static void directory(FsContext context, Layer layer) {
        if (FileNames.encode(layer.directory).length <= FsContext.MAX_STRING) {
            context.set(layer.key, layer.directory);
            return;
        }
        try (Fd directory = Fd.directory(Path.of(layer.directory))) {
            context.setFd(layer.key, directory);
        }
    }

    private static void superFlags(FsContext context, MountOptions options) {
        if (options.has(MountFlag.RDONLY)) {
            context.setFlag("ro");
        }
        if (options.has(MountFlag.SYNCHRONOUS)) {
            context.setFlag("sync");
        }
        if (options.has(MountFlag.DIRSYNC)) {
            context.setFlag("dirsync");
        }
        if (options.has(MountFlag.LAZYTIME)) {
            context.setFlag("lazytime");
        }
    }

    /** Splits at colons that no backslash precedes; what follows a double colon is a layer of data alone. */
    private static List<Layer> layers(String lowerdir) {
        List<Layer> layers = new ArrayList<>();
        String key = "lowerdir+";
        for (String part : lowerdir.split("(?<!\\\\):", -1)) {
            if (part.isEmpty()) {
                key = "datadir+";
            } else {
                layers.add(new Layer(key, unescape(part)));
            }
        }
        if (layers.size() > MAX_LAYERS) {
            throw new ErrnoException(
                    Errno.EINVAL.number(), "mount overlay", layers.size() + " layers, the kernel takes " + MAX_LAYERS);
        }
        return layers;
    }

    private static String unescape(String path) {
        return path.replaceAll("\\\\([:,\\\\])", "$1");
    }
}
