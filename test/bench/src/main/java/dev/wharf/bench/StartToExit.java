package dev.wharf.bench;

/**
 * A container from its snapshot to its removal, with a command that ends at once: the first ones after the daemons were
 * started, and then those of daemons that have run some hundred.
 */
final class StartToExit implements Workload {
    private static final Medians.Measure FIRST = new Medians.Measure("container, start to exit, first 25", "ms");
    private static final Medians.Measure LATER = new Medians.Measure("container, start to exit", "ms");
    private static final int FIRST_CONTAINERS = 25;
    private static final int BETWEEN = 175;
    private static final int LATER_ROUNDS = 5;

    private int started;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        ImageShelf.Shelved image = arena.shelf().busybox();
        arena.withPair(pair -> {
            pair.each(peer -> new ImagePull(peer).run(image, false));
            for (int i = 0; i < FIRST_CONTAINERS; i++) {
                pair.each(peer -> medians.add(FIRST, peer.kind(), run(peer, image, Sleepers.Steps.UNTOLD)));
            }
            for (int i = 0; i < BETWEEN; i++) {
                pair.each(peer -> run(peer, image, Sleepers.Steps.UNTOLD));
            }
            for (int i = 0; i < LATER_ROUNDS; i++) {
                arena.inTurn(
                        pair,
                        medians,
                        LATER,
                        peer -> run(
                                peer,
                                image,
                                (step, millis) -> medians.add(
                                        new Medians.Measure("  of it: " + step, "ms"), peer.kind(), millis)));
            }
        });
    }

    private double run(Peer peer, ImageShelf.Shelved image, Sleepers.Steps steps) {
        Sleepers containers = new Sleepers(peer, image, steps);
        String id = "c" + started++;
        return Arena.millis(() -> containers.finish(containers.start(id, "/bin/busybox", "true")));
    }
}
