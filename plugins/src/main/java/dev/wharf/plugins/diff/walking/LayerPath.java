package dev.wharf.plugins.diff.walking;

import dev.wharf.core.error.ErrorKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A name from an archive, made relative to the root and lexically clean: no empty, {@code .} or {@code ..} component.
 * What {@code ..} would leave the root stays at it. No component means the root itself.
 */
record LayerPath(List<String> components) {
    LayerPath {
        components = List.copyOf(components);
    }

    static LayerPath of(String name, int maxDepth) {
        Deque<String> clean = new ArrayDeque<>();
        for (String component : name.split("/", -1)) {
            if (component.equals("..")) {
                clean.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                clean.addLast(component);
            }
        }
        if (clean.size() > maxDepth) {
            throw ErrorKind.RESOURCE_EXHAUSTED.of("depth is " + clean.size() + ", the bound is " + maxDepth);
        }
        return new LayerPath(List.copyOf(clean));
    }

    boolean isRoot() {
        return components.isEmpty();
    }

    String base() {
        return components.getLast();
    }

    List<String> parent() {
        return components.subList(0, components.size() - 1);
    }

    /** A path for the kernel, relative to the root. */
    static String join(List<String> components) {
        return components.isEmpty() ? "." : String.join("/", components);
    }
}
