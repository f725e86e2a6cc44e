package dev.wharf.cmd.shim.sandbox;

import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.cmd.shim.bundle.ContainerKey;
import dev.wharf.cmd.shim.bundle.ContainerSpec;
import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.lib.linux.Mounts;
import dev.wharf.shim.ShimException;
import dev.wharf.shim.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One pod. What changes is written by {@link Sandboxes} in the order created, started, ended. */
public final class Sandbox {
    /** The namespaces that a member may share with its pod. */
    private static final Set<String> SHARED = Set.of("pid", "ipc", "uts");

    private static final List<String> SHM_OPTIONS = List.of("nosuid", "noexec", "nodev", "mode=1777", "size=65536k");

    private final ContainerKey key;
    private final Bundle bundle;
    private final String network;
    private final ReentrantLock lock = new ReentrantLock();

    /** Those that have joined; guarded by the lock. */
    private final List<SandboxRemains.Member> members = new ArrayList<>();

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Pause pause;
    private volatile Instant created = Instant.EPOCH;
    private volatile @Nullable Exit exit;

    Sandbox(ContainerKey key, Bundle bundle, String network) {
        this.key = key;
        this.bundle = bundle;
        this.network = network;
    }

    ContainerKey key() {
        return key;
    }

    Bundle bundle() {
        return bundle;
    }

    /** Path of its network namespace; "" for that of the host. */
    String network() {
        return network;
    }

    Optional<Pause> pause() {
        return Optional.ofNullable(pause);
    }

    Instant created() {
        return created;
    }

    void started(Pause process, Instant at) {
        created = at;
        pause = process;
        lock.lock();
        try {
            SandboxRemains.of(bundle).ifPresent(known -> members.addAll(known.members()));
            new SandboxRemains(Optional.of(process.id()), members).write(bundle);
        } finally {
            lock.unlock();
        }
    }

    void ended(Exit how) {
        exit = how;
        over.countDown();
    }

    Optional<Exit> exit() {
        return Optional.ofNullable(exit);
    }

    void await() throws InterruptedException {
        over.await();
    }

    boolean await(java.time.Duration timeout) throws InterruptedException {
        return over.await(timeout.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    boolean isReady() {
        return pause != null && exit == null;
    }

    // ---- members

    /**
     * Makes a container a member: where its configuration names a namespace by path it gets the pod's, and always the
     * pod's network; who shares the ipc namespace shares {@code /dev/shm} too.
     */
    public void admit(ContainerSpec spec, String id, Bundle container) {
        Pause process = pause;
        if (process == null || !isReady()) {
            throw ShimException.failedPrecondition("sandbox " + key.id() + " is not running");
        }
        note(process, new SandboxRemains.Member(id, container.directory()));
        boolean sharesIpc = false;
        for (JsonObject namespace : spec.namespaces()) {
            String type = namespace.string("type");
            if (SHARED.contains(type) && !namespace.string("path").isEmpty()) {
                namespace.with("path", process.namespace(type).toString());
                sharesIpc |= type.equals("ipc");
            }
        }
        if (NetworkPath.isNamespace(network)) {
            joinNetwork(spec);
        }
        if (sharesIpc) {
            shareMemory(spec);
        }
    }

    /** Members are remembered in the bundle, for who has to remove them without this process. */
    private void note(Pause process, SandboxRemains.Member member) {
        lock.lock();
        try {
            members.add(member);
            new SandboxRemains(Optional.of(process.id()), members).write(bundle);
        } finally {
            lock.unlock();
        }
    }

    private void joinNetwork(ContainerSpec spec) {
        Optional<JsonObject> own = spec.namespaces().stream()
                .filter(namespace -> namespace.string("type").equals("network"))
                .findFirst();
        if (own.isPresent()) {
            own.get().with("path", network);
        } else {
            spec.json()
                    .object("linux")
                    .ifPresent(linux -> linux.array("namespaces")
                            .add(JsonObject.empty()
                                    .with("type", "network")
                                    .with("path", network)
                                    .members()));
        }
    }

    private void shareMemory(ContainerSpec spec) {
        spec.mounts().stream()
                .filter(mount -> mount.string("destination").equals("/dev/shm")
                        && mount.string("type").equals("tmpfs"))
                .forEach(mount -> mount.with("type", "bind")
                        .with("source", memory().toString())
                        .with("options", List.of("rbind", "nosuid", "noexec", "nodev")));
    }

    // ---- memory they share

    private Path memory() {
        return memory(bundle);
    }

    private static Path memory(Bundle bundle) {
        return bundle.directory().resolve("shm");
    }

    void mountMemory() {
        try {
            Files.createDirectories(memory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + memory(), e);
        }
        Mounts.mount("tmpfs", "shm", memory(), SHM_OPTIONS);
    }

    void unmountMemory() {
        unmountMemory(bundle);
    }

    static void unmountMemory(Bundle bundle) {
        Mounts.unmountAll(memory(bundle), Mounts.UMOUNT_NOFOLLOW | Mounts.MNT_DETACH);
    }

    JsonObject toJson() {
        JsonObject json = JsonObject.empty()
                .with("version", 1)
                .with("namespace", key.namespace())
                .with("id", key.id())
                .with("bundle", bundle.directory().toString())
                .withUnlessEmpty("network", network)
                .with("created", created.toString());
        pause().ifPresent(process -> json.with("process", process.id().toString()));
        exit().ifPresent(how ->
                json.with("status", how.status()).with("exited", how.at().toString()));
        return json;
    }

    static Sandbox ofJson(JsonObject json) {
        Sandbox sandbox = new Sandbox(
                new ContainerKey(json.string("namespace"), json.string("id")),
                new Bundle(Path.of(json.string("bundle"))),
                json.string("network"));
        sandbox.created = Instant.parse(json.string("created"));
        if (!json.string("exited").isEmpty()) {
            sandbox.ended(new Exit((int) json.number("status"), Instant.parse(json.string("exited"))));
        }
        return sandbox;
    }
}
