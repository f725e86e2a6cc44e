package dev.wharf.bench;

import java.util.function.BiFunction;

/** An image from a registry until its last layer is a snapshot; by the daemons themselves if both can. */
final class PullAndUnpack implements Workload {
    private final String name;
    private final String what;
    private final BiFunction<ImageShelf, Integer, ImageShelf.Shelved> image;
    private final boolean removes;

    /**
     * A workload.
     *
     * @param image what is pulled in a round
     * @param removes whether each round begins with as little as the first
     */
    private PullAndUnpack(
            String name, String what, BiFunction<ImageShelf, Integer, ImageShelf.Shelved> image, boolean removes) {
        this.name = name;
        this.what = what;
        this.image = image;
        this.removes = removes;
    }

    /** With an image of six large layers. */
    static PullAndUnpack largeLayers() {
        return new PullAndUnpack("pull-large", "six large layers", (shelf, round) -> shelf.largeLayers(), true);
    }

    /**
     * With an image of many small files, another one in each round, and nothing removed in between: whose turn it is
     * after a removal would get the inodes that ext4 has just freed, which takes a multiple of the time.
     */
    static PullAndUnpack smallFiles() {
        return new PullAndUnpack("pull-small", "many small files", (shelf, round) -> shelf.smallFiles(round), false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        arena.withPair(pair -> {
            boolean transfer = new ImagePull(pair.wharfd()).transfers() && new ImagePull(pair.other()).transfers();
            String by = transfer ? "Transfer" : "client";
            Medians.Measure measure = new Medians.Measure("pull " + what + " (" + by + ")", "ms");
            arena.inTurn(pair, medians, measure, (peer, round) -> {
                ImageShelf.Shelved shelved = image.apply(arena.shelf(), round);
                // Nobody is to wait for what the one before has written.
                Programs.run("sync");
                ImagePull pull = new ImagePull(peer);
                double millis = Arena.millis(() -> pull.run(shelved, transfer));
                if (removes) {
                    pull.remove(shelved);
                }
                return millis;
            });
        });
    }
}
