package dev.wharf.bench;

/** A container from its snapshot to its removal, with a command that ends at once. */
final class StartToExit implements Workload {
    private static final Medians.Measure MEASURE = new Medians.Measure("container, start to exit", "ms");
    private static final int CONTAINERS = 5;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        ImageShelf.Shelved image = arena.shelf().busybox();
        arena.withPair(pair -> {
            pair.each(peer -> new ImagePull(peer).run(image, false));
            for (int i = 0; i < CONTAINERS; i++) {
                int number = i;
                arena.inTurn(pair, medians, MEASURE, peer -> {
                    Sleepers containers = new Sleepers(
                            peer,
                            image,
                            (step, millis) ->
                                    medians.add(new Medians.Measure("  of it: " + step, "ms"), peer.kind(), millis));
                    String id = "c" + number + "-" + System.nanoTime();
                    return Arena.millis(() -> containers.finish(containers.start(id, "/bin/busybox", "true")));
                });
            }
        });
    }
}
