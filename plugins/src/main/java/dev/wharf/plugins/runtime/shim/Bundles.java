package dev.wharf.plugins.runtime.shim;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Makes and finds bundles below the state directory, and their work directories below the root directory. */
final class Bundles {
    private static final Logger LOG = LoggerFactory.getLogger(Bundles.class);
    private static final String TRAVERSABLE = "rwx--x--x";
    private static final String PRIVATE = "rwx------";

    private final Path state;
    private final Path root;

    Bundles(Path state, Path root) {
        this.state = state;
        this.root = root;
    }

    /** Makes the two directories bundles are in. */
    void prepare() {
        try {
            Trees.createAll(state, TRAVERSABLE);
            Trees.createAll(root, TRAVERSABLE);
        } catch (IOException e) {
            throw ErrorKind.UNKNOWN.of("make directories of tasks: " + e.getMessage(), e);
        }
    }

    /** The bundle of a container, which need not exist. */
    Bundle of(String namespace, String id) {
        return new Bundle(
                namespace,
                id,
                state.resolve(namespace).resolve(id),
                root.resolve(namespace).resolve(id));
    }

    /**
     * Makes a bundle. The caller has reserved the id, so a directory in its place is left over from before: it is
     * removed, unless the container it was for still lives ({@code ALREADY_EXISTS}).
     */
    Bundle create(String namespace, String id, TypedValue spec) {
        Bundle bundle = of(namespace, id);
        try (UndoStack undo = new UndoStack()) {
            removeLeftover(bundle);
            undo.add("delete bundle", bundle::delete);
            Trees.createAll(state.resolve(namespace), TRAVERSABLE);
            Trees.create(bundle.path(), PRIVATE);
            letMappedRootIn(bundle, spec);
            Trees.createAll(root.resolve(namespace), TRAVERSABLE);
            Trees.create(bundle.rootfs(), TRAVERSABLE);
            Trees.remove(bundle.work());
            Trees.create(bundle.work(), TRAVERSABLE);
            Files.createSymbolicLink(bundle.path().resolve("work"), bundle.work());
            if (spec.value().length > 0) {
                Trees.write(bundle.path().resolve("config.json"), spec.value(), "rw-r--r--");
            }
            Fifo.create(bundle.log(), 0700);
            undo.keep();
            return bundle;
        } catch (IOException | ErrnoException e) {
            throw ErrorKind.UNKNOWN.of("make bundle " + bundle.path() + ": " + e.getMessage(), e);
        }
    }

    private static void removeLeftover(Bundle bundle) throws IOException {
        if (!Trees.exists(bundle.path())) {
            return;
        }
        if (bundle.init().isAlive()) {
            throw new WharfException(
                    ErrorKind.ALREADY_EXISTS,
                    "task " + bundle.id() + ": its process " + bundle.init().pid()
                            + " of an earlier task still runs; end it and try again: already exists");
        }
        LOG.warn("removing a bundle left over from before path={}", bundle.path());
        bundle.delete();
    }

    /** With a user namespace, the group that is root inside may pass through the bundle. */
    private static void letMappedRootIn(Bundle bundle, TypedValue spec) throws IOException {
        OptionalInt gid = mappedRootGroup(spec);
        if (gid.isPresent()) {
            Files.setAttribute(bundle.path(), "unix:gid", gid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
            Files.setPosixFilePermissions(bundle.path(), PosixFilePermissions.fromString("rwx--x---"));
        }
    }

    private static OptionalInt mappedRootGroup(TypedValue spec) {
        if (!spec.typeUrl().endsWith("opencontainers/runtime-spec/1/Spec") || spec.value().length == 0) {
            return OptionalInt.empty();
        }
        try {
            for (JsonNode mapping :
                    SpecJson.MAPPER.readTree(spec.value()).path("linux").path("gidMappings")) {
                if (mapping.path("containerID").asLong(0) == 0) {
                    int gid = (int) mapping.path("hostID").asLong(0);
                    return gid == 0 ? OptionalInt.empty() : OptionalInt.of(gid);
                }
            }
            return OptionalInt.empty();
        } catch (JacksonException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("the runtime spec is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** All bundles on disk; hidden names are passed over. */
    List<Bundle> all() {
        return directories(state).stream()
                .flatMap(namespace -> directories(namespace).stream())
                .map(this::at)
                .toList();
    }

    /** The bundle whose directory or work directory this is. */
    private Bundle at(Path directory) {
        return of(Trees.name(Objects.requireNonNull(directory.getParent())), Trees.name(directory));
    }

    /** Removes the work directories of containers that have no bundle, as after a reboot. */
    void removeOrphanedWork() {
        directories(root).stream()
                .flatMap(namespace -> directories(namespace).stream())
                .filter(work -> !Files.exists(at(work).path(), LinkOption.NOFOLLOW_LINKS))
                .forEach(work -> {
                    try {
                        Trees.remove(work);
                    } catch (IOException e) {
                        LOG.warn("work directory cannot be removed path={}", work, e);
                    }
                });
    }

    /** Goes on with removals that the daemon before this one did not get to the end of. */
    void finishRemovals() {
        Stream.of(state, root)
                .flatMap(parent -> directories(parent).stream())
                .flatMap(namespace -> directories(namespace, true).stream())
                .forEach(hidden -> {
                    try {
                        Trees.removeInPlace(hidden);
                    } catch (IOException e) {
                        LOG.warn("directory half removed cannot be removed path={}", hidden, e);
                    }
                });
    }

    private static List<Path> directories(Path parent) {
        return directories(parent, false);
    }

    private static List<Path> directories(Path parent, boolean hidden) {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(path -> Trees.name(path).startsWith(".") == hidden)
                    .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (IOException e) {
            LOG.warn("directory cannot be listed path={}", parent, e);
            return List.of();
        }
    }
}
