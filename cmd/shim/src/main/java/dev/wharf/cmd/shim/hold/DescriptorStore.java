package dev.wharf.cmd.shim.hold;

import dev.wharf.cmd.shim.loop.Exit;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps descriptors by key beyond the end of this process.
 *
 * <p>Two queues take turns: each holds a generation, and the new one is complete before the old one is emptied, so that
 * at any moment one complete generation exists. The process that keeps them open is started when the first descriptor
 * comes, and again when it dies. It outlives this one only while something is parked: then its {@linkplain Holder
 * lifeline} is parked too.
 */
public final class DescriptorStore {
    private static final Logger LOG = LoggerFactory.getLogger(DescriptorStore.class);

    /** Messages in a queue beyond what its descriptors need, before a new generation is begun. */
    private static final int SPARE = 128;

    /** Ends of the keys of processes and of sockets for terminals, for whose closing nobody waits. */
    private static final List<String> LAZY = List.of("/pidfd", "/console");

    /** Key of the lifeline: no key of a caller is without a slash. */
    private static final String LIFELINE = "lifeline";

    private final Path directory;
    private final ProcessWatcher watcher;
    private final ReentrantLock lock = new ReentrantLock();

    /** The keys parked now; guarded by the lock, as are all fields below. */
    private final Set<String> keys = new HashSet<>();

    private @Nullable Holder holder;
    private int current;
    private long generation;
    private int messages;
    private boolean lifelineParked;

    private DescriptorStore(Path directory, ProcessWatcher watcher) {
        this.directory = directory;
        this.watcher = watcher;
    }

    /** A store and what was in it, to be closed by the caller. */
    public record Opened(DescriptorStore store, Map<String, Fd> descriptors) {}

    /** Ends the store in a directory, and with it all that is parked there. */
    public static void endIn(Path directory) {
        Holder.find(directory).ifPresent(Holder::end);
    }

    /** Opens the store in a directory, with all that is parked there. */
    public static Opened open(Path directory, ProcessWatcher watcher) {
        DescriptorStore store = new DescriptorStore(directory, watcher);
        store.lock.lock();
        try {
            return new Opened(store, store.find());
        } finally {
            store.lock.unlock();
        }
    }

    private Map<String, Fd> find() {
        Holder found = Holder.find(directory).orElse(null);
        if (found == null) {
            return Map.of();
        }
        use(found);
        ParkedQueue.Generation newest = null;
        for (int i = 0; i < Holder.QUEUES; i++) {
            ParkedQueue.Generation other = found.queue(i).read().orElse(null);
            if (other != null && (newest == null || other.number() > newest.number())) {
                close(newest);
                newest = other;
                current = i;
            } else {
                close(other);
            }
        }
        if (newest == null) {
            beginFirst(found);
            return Map.of();
        }
        generation = newest.number();
        messages = SPARE;
        Fd lifeline = newest.descriptors().remove(LIFELINE);
        if (lifeline != null) {
            found.adopt(lifeline);
            lifelineParked = true;
        }
        keys.addAll(newest.descriptors().keySet());
        if (keys.isEmpty() && lifelineParked) {
            renew(found);
        }
        return newest.descriptors();
    }

    private static void close(ParkedQueue.@Nullable Generation generation) {
        if (generation != null) {
            generation.close();
        }
    }

    /** Parks descriptors; the caller keeps its own. */
    public void put(Map<String, Fd> descriptors) {
        if (descriptors.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            Holder now = holder();
            renewIfLong(now);
            park(now, withLifeline(now, descriptors));
            lifelineParked = true;
            keys.addAll(descriptors.keySet());
        } finally {
            lock.unlock();
        }
    }

    private Map<String, Fd> withLifeline(Holder now, Map<String, Fd> descriptors) {
        if (lifelineParked || now.lifeline().isEmpty()) {
            return descriptors;
        }
        // In the first message: with others alone the keeping process would end with this one.
        Map<String, Fd> all = new LinkedHashMap<>();
        now.lifeline().ifPresent(lifeline -> all.put(LIFELINE, lifeline));
        all.putAll(descriptors);
        return all;
    }

    private void park(Holder now, Map<String, Fd> descriptors) {
        try {
            now.queue(current).park(generation, descriptors);
        } catch (ErrnoException e) {
            renew(now);
            now.queue(current).park(generation, descriptors);
        }
        messages++;
    }

    /**
     * Lets go of all keys that begin with a prefix: at once, as somebody may wait for the end of a pipe, but for those
     * that nobody waits for, which the next generation leaves out.
     */
    public void remove(String prefix) {
        lock.lock();
        try {
            List<String> gone =
                    keys.stream().filter(key -> key.startsWith(prefix)).toList();
            Holder now = holder;
            if (gone.isEmpty() || now == null) {
                return;
            }
            gone.forEach(keys::remove);
            // With nothing parked the keeping process is to end with this one.
            if (!keys.isEmpty() && gone.stream().allMatch(key -> LAZY.stream().anyMatch(key::endsWith))) {
                drop(now, gone);
            } else {
                renew(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void drop(Holder now, List<String> gone) {
        try {
            now.queue(current).drop(generation, gone);
            messages++;
            renewIfLong(now);
        } catch (ErrnoException e) {
            renew(now);
        }
    }

    /** Ends the keeping process if nothing is parked: the last thing a shim does. */
    public void closeIfEmpty() {
        lock.lock();
        try {
            Holder now = holder;
            if (now != null && keys.isEmpty()) {
                holder = null;
                now.end();
            }
        } finally {
            lock.unlock();
        }
    }

    private void renewIfLong(Holder now) {
        if (messages > SPARE + 2 * keys.size()) {
            renew(now);
        }
    }

    /** Begins a generation in the other queue with what is still wanted, then empties this one. */
    private void renew(Holder now) {
        ParkedQueue old = now.queue(current);
        int next = 1 - current;
        ParkedQueue fresh = now.queue(next);
        fresh.clear();
        try (ParkedQueue.Generation parked = old.read()
                .orElseThrow(() -> new IllegalStateException("no complete generation of parked descriptors"))) {
            long number = generation + 1;
            fresh.begin(number);
            parked.descriptors().keySet().stream()
                    .filter(key -> !isWanted(key))
                    .toList()
                    .forEach(key -> close(parked.descriptors().remove(key)));
            fresh.park(number, parked.descriptors());
            fresh.complete(number);
            generation = number;
            current = next;
            messages = 0;
            lifelineParked = parked.descriptors().containsKey(LIFELINE);
        }
        old.clear();
    }

    private boolean isWanted(String key) {
        return key.equals(LIFELINE) ? !keys.isEmpty() : keys.contains(key);
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    private Holder holder() {
        Holder now = holder;
        if (now == null) {
            now = Holder.start(directory, List.of(ParkedQueue.create(), ParkedQueue.create()));
            use(now);
            beginFirst(now);
        }
        return now;
    }

    private void beginFirst(Holder now) {
        generation = 1;
        current = 0;
        messages = 0;
        lifelineParked = false;
        now.queue(0).clear();
        now.queue(0).begin(generation);
        now.queue(0).complete(generation);
    }

    private void use(Holder now) {
        holder = now;
        watcher.watch(now.pidfd(), exit -> Thread.ofVirtual().start(() -> replace(now, exit)));
    }

    /** The queues are open here as well, so that nothing is lost with the process that keeps them. */
    private void replace(Holder dead, Exit exit) {
        lock.lock();
        try {
            if (holder == dead) {
                LOG.warn("the keeper of descriptors died and is started again, status={}", exit.status());
                use(Holder.start(directory, List.of(dead.queue(0), dead.queue(1))));
                parkLifeline();
            }
            dead.forget();
        } finally {
            lock.unlock();
        }
    }

    /** Replaces the one of a keeper that died. */
    private void parkLifeline() {
        Holder now = holder;
        if (now != null && lifelineParked) {
            now.lifeline().ifPresent(lifeline -> park(now, Map.of(LIFELINE, lifeline)));
        }
    }

    /** The keys parked now, in no order. */
    public List<String> keys() {
        lock.lock();
        try {
            return new ArrayList<>(keys);
        } finally {
            lock.unlock();
        }
    }

    /** Of descriptors by key, those whose key begins with a prefix, by what follows it; removed from the map. */
    public static Map<String, Fd> take(Map<String, Fd> descriptors, String prefix) {
        Map<String, Fd> taken = new java.util.HashMap<>();
        try (Stream<String> matching =
                List.copyOf(descriptors.keySet()).stream().filter(key -> key.startsWith(prefix))) {
            matching.forEach(key -> {
                Fd fd = descriptors.remove(key);
                if (fd != null) {
                    taken.put(key.substring(prefix.length()), fd);
                }
            });
        }
        return taken;
    }
}
