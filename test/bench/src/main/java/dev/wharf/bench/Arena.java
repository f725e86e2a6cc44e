package dev.wharf.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the two daemons meet: makes fresh pairs of them, has work done by both in turn, holds what they share, and
 * removes everything. Closing it is safe from another thread, for the end by a signal.
 */
final class Arena implements AutoCloseable {
    /** The daemons of one workload. */
    record Pair(Peer wharfd, Peer other) {
        void each(Consumer<Peer> work) {
            work.accept(wharfd);
            work.accept(other);
        }
    }

    private final Options options;
    private final Path directory;
    private final ConcurrentLinkedDeque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private @Nullable ImageShelf shelf;

    Arena(Options options) {
        this.options = options;
        try {
            this.directory = Files.createTempDirectory("wharf-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.push(() -> Programs.run("rm", "-rf", "--one-file-system", directory.toString()));
    }

    Options options() {
        return options;
    }

    /** The images, in a registry that is started when they are first asked for. */
    ImageShelf shelf() {
        if (shelf == null) {
            RegistryProcess registry = RegistryProcess.start(directory);
            open.push(registry);
            shelf = new ImageShelf(registry, directory, options);
        }
        return shelf;
    }

    /** Two running daemons on new directories, for the time of some work. */
    void withPair(Consumer<Pair> work) {
        Peer wharfd = peer(Peer.Kind.WHARFD);
        Peer other = peer(Peer.Kind.OTHER);
        try {
            Pair pair = new Pair(wharfd, other);
            pair.each(Peer::start);
            work.accept(pair);
        } finally {
            end(wharfd);
            end(other);
        }
    }

    private Peer peer(Peer.Kind kind) {
        Peer peer = Peer.prepare(kind, options, directory);
        open.push(peer);
        return peer;
    }

    private void end(Peer peer) {
        if (open.remove(peer)) {
            peer.close();
        }
    }

    /** Has both do something as often as the options say, taking turns at being first, and adds the values. */
    void inTurn(Pair pair, Medians medians, Medians.Measure measure, ToDoubleFunction<Peer> work) {
        inTurn(pair, medians, measure, (peer, round) -> work.applyAsDouble(peer));
    }

    /** The same with the number of the round, which is negative while the values do not count. */
    void inTurn(Pair pair, Medians medians, Medians.Measure measure, ToDoubleBiFunction<Peer, Integer> work) {
        rounds(pair, (peer, round) -> {
            double value = work.applyAsDouble(peer, round);
            if (round >= 0) {
                medians.add(measure, peer.kind(), value);
            }
        });
    }

    /** The same, and adds what the daemon took of the processors meanwhile, which a busy machine changes less. */
    void inTurnWithProcessor(Pair pair, Medians medians, Medians.Measure measure, ToDoubleFunction<Peer> work) {
        Medians.Measure processor = new Medians.Measure(measure.name() + ": processor", "ms");
        rounds(pair, (peer, round) -> {
            double before = peer.processorMillis();
            double value = work.applyAsDouble(peer);
            if (round >= 0) {
                medians.add(measure, peer.kind(), value);
                medians.add(processor, peer.kind(), peer.processorMillis() - before);
            }
        });
    }

    /** One daemon's turn. */
    private interface Turn {
        void take(Peer peer, int round);
    }

    private void rounds(Pair pair, Turn turn) {
        for (int round = -options.warmups(); round < options.repetitions(); round++) {
            List<Peer> order =
                    round % 2 == 0 ? List.of(pair.wharfd(), pair.other()) : List.of(pair.other(), pair.wharfd());
            for (Peer peer : order) {
                turn.take(peer, round);
            }
        }
    }

    /** The milliseconds some work takes. */
    static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public void close() {
        for (AutoCloseable next = open.poll(); next != null; next = open.poll()) {
            try {
                next.close();
            } catch (Exception e) {
                System.err.println("bench: cleaning up: " + e.getMessage());
            }
        }
    }
}
