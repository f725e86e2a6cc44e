package dev.wharf.lib.linux;

import java.nio.file.Path;

/**
 * Overlay mounts whose options are too long for mount(2): each layer is handed over by itself.
 *
 * <p>Needs {@code lowerdir+} of Linux 6.8, and descriptors as layers of Linux 6.13 for paths above 255 bytes; {@link
 * RelativeOverlayMount} serves older kernels. Source: the kernel's filesystems/overlayfs.rst.
 */
final class OverlayMount {
    private static final String LOWER = "lowerdir+";
    private static final String DATA = "datadir+";

    private OverlayMount() {}

    /** Asked once, on the first mount that needs it. */
    private static final class Kernel {
        static final boolean TAKES_LAYERS = takesLayers();

        private Kernel() {}

        private static boolean takesLayers() {
            try (FsContext context = FsContext.open("overlay")) {
                context.set(LOWER, "/");
                return true;
            } catch (ErrnoException e) {
                return false;
            }
        }
    }

    static void mount(String source, Path target, MountOptions options) {
        if (!Kernel.TAKES_LAYERS) {
            RelativeOverlayMount.mount(source, target, options);
            return;
        }
        try (FsContext context = FsContext.open("overlay")) {
            context.set("source", source.isEmpty() ? "overlay" : source);
            for (OverlayLayer layer : OverlayLayer.of(options.data())) {
                setDirectory(context, layer.dataOnly() ? DATA : LOWER, layer.directory());
            }
            options.data().stream()
                    .filter(option -> !OverlayLayer.isOption(option))
                    .forEach(option -> setOption(context, option));
            setFlags(context, options);
            context.create();
            try (MountTree tree = context.mount(MountAttributes.ofFlags(options.flags()))) {
                tree.attach(target);
            }
        }
    }

    private static void setOption(FsContext context, String option) {
        int equals = option.indexOf('=');
        if (equals < 0) {
            context.setFlag(option);
            return;
        }
        String key = option.substring(0, equals);
        String value = option.substring(equals + 1);
        if (key.equals("upperdir") || key.equals("workdir")) {
            setDirectory(context, key, OverlayLayer.unescape(value));
        } else {
            context.set(key, value);
        }
    }

    private static void setDirectory(FsContext context, String key, String directory) {
        if (FileNames.encode(directory).length <= FsContext.MAX_STRING) {
            context.set(key, directory);
            return;
        }
        try (Fd open = Fd.directory(Path.of(directory))) {
            context.setFd(key, open);
        }
    }

    private static void setFlags(FsContext context, MountOptions options) {
        setFlag(context, options, MountFlag.RDONLY, "ro");
        setFlag(context, options, MountFlag.SYNCHRONOUS, "sync");
        setFlag(context, options, MountFlag.DIRSYNC, "dirsync");
        setFlag(context, options, MountFlag.LAZYTIME, "lazytime");
    }

    private static void setFlag(FsContext context, MountOptions options, int flag, String name) {
        if (options.has(flag)) {
            context.setFlag(name);
        }
    }
}
