package dev.wharf.lib.tar.place;

import dev.wharf.lib.tar.TarException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A name from an archive, made relative to the root and lexically clean: no empty, {@code .} or {@code ..} component.
 * What {@code ..} would leave the root stays at it. No component means the root itself.
 */
public record EntryPath(List<String> components) {
    public EntryPath {
        components = List.copyOf(components);
    }

    /** The path of a name in an archive, of at most {@code maxDepth} components. */
    public static EntryPath of(String name, int maxDepth) {
        Deque<String> clean = new ArrayDeque<>();
        for (String component : name.split("/", -1)) {
            if (component.equals("..")) {
                clean.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                clean.addLast(component);
            }
        }
        return new EntryPath(bounded(List.copyOf(clean), maxDepth));
    }

    private static List<String> bounded(List<String> components, int maxDepth) {
        if (components.size() > maxDepth) {
            throw new TarException(
                    TarException.Kind.TOO_MUCH, "depth is " + components.size() + ", the bound is " + maxDepth);
        }
        return components;
    }

    /** A path of another archive's root below this one, of at most {@code maxDepth} components together. */
    public EntryPath resolve(EntryPath below, int maxDepth) {
        List<String> all =
                Stream.concat(components.stream(), below.components.stream()).toList();
        return new EntryPath(bounded(all, maxDepth));
    }

    /** Whether it is the root itself. */
    public boolean isRoot() {
        return components.isEmpty();
    }

    /** The last component. */
    public String base() {
        return components.getLast();
    }

    /** All but the last component. */
    public List<String> parent() {
        return components.subList(0, components.size() - 1);
    }

    /** A path for the kernel, relative to the root. */
    public static String join(List<String> components) {
        return components.isEmpty() ? "." : String.join("/", components);
    }
}
