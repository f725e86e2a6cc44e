package dev.wharf.bench;

/** From the start of the daemon's process until it has answered a request, on a root it made before. */
final class FirstAnswer implements Workload {
    @Override
    public String name() {
        return "first-answer";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        Medians.Measure measure = new Medians.Measure("first answer after start", "ms");
        arena.withPair(pair -> arena.inTurn(pair, medians, measure, peer -> {
            peer.stop();
            return peer.start();
        }));
    }
}
