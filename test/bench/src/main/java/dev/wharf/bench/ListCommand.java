package dev.wharf.bench;

import dev.wharf.core.typeurl.TypedValue;
import java.nio.charset.StandardCharsets;

/** The commands that list containers, {@code wharf ps} on wharfd and {@code ctr containers ls} on the other. */
final class ListCommand implements Workload {
    private static final int CONTAINERS = 10;

    @Override
    public String name() {
        return "command";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        Medians.Measure measure = new Medians.Measure("wharf ps | ctr containers ls", "ms");
        TypedValue spec = new TypedValue(TypedValue.SPEC, "{}".getBytes(StandardCharsets.UTF_8));
        arena.withPair(pair -> {
            pair.each(peer -> {
                for (int i = 0; i < CONTAINERS; i++) {
                    peer.client().containers().create(peer.ctx(), Sleepers.container("container-" + i, "image", spec));
                }
            });
            arena.inTurn(pair, medians, measure, peer -> {
                String[] command = peer.listCommand().toArray(String[]::new);
                return Arena.millis(() -> Programs.run(command));
            });
        });
    }
}
