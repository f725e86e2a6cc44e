package dev.wharf.bench;

import java.util.function.Function;

/** An image from a registry until its last layer is a snapshot; by the daemons themselves if both can. */
final class PullAndUnpack implements Workload {
    private final String name;
    private final String what;
    private final Function<ImageShelf, ImageShelf.Shelved> image;

    private PullAndUnpack(String name, String what, Function<ImageShelf, ImageShelf.Shelved> image) {
        this.name = name;
        this.what = what;
        this.image = image;
    }

    /** With an image of six large layers. */
    static PullAndUnpack largeLayers() {
        return new PullAndUnpack("pull-large", "six large layers", ImageShelf::largeLayers);
    }

    /** With an image of many small files. */
    static PullAndUnpack smallFiles() {
        return new PullAndUnpack("pull-small", "many small files", ImageShelf::smallFiles);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        ImageShelf.Shelved shelved = image.apply(arena.shelf());
        arena.withPair(pair -> {
            boolean transfer = new ImagePull(pair.wharfd()).transfers() && new ImagePull(pair.other()).transfers();
            String by = transfer ? "Transfer" : "client";
            Medians.Measure measure = new Medians.Measure("pull " + what + " (" + by + ")", "ms");
            arena.inTurn(pair, medians, measure, peer -> {
                // Nobody is to wait for what the one before has written.
                Programs.run("sync");
                ImagePull pull = new ImagePull(peer);
                double millis = Arena.millis(() -> pull.run(shelved, transfer));
                pull.remove(shelved);
                return millis;
            });
        });
    }
}
