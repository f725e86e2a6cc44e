package dev.wharf.bench;

import dev.wharf.client.WharfClient;
import dev.wharf.core.typeurl.TypedValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Small calls by one client and by eight, each on a connection of its own: the time of all by their number. */
final class UnaryCalls implements Workload {
    private static final String CONTAINER = "one";

    @Override
    public String name() {
        return "unary";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        TypedValue spec = new TypedValue(TypedValue.SPEC, "{}".getBytes(StandardCharsets.UTF_8));
        arena.withPair(pair -> {
            pair.each(peer ->
                    peer.client().containers().create(peer.ctx(), Sleepers.container(CONTAINER, "image", spec)));
            for (int clients : List.of(1, 8)) {
                String by = clients == 1 ? ", 1 client" : ", " + clients + " clients";
                arena.inTurnWithProcessor(pair, medians, new Medians.Measure("version" + by, "µs"), peer -> {
                    return micros(peer, clients, arena.options().calls(), WharfClient::version);
                });
                arena.inTurnWithProcessor(pair, medians, new Medians.Measure("container get" + by, "µs"), peer -> {
                    return micros(
                            peer,
                            clients,
                            arena.options().calls(),
                            client -> client.containers().get(peer.ctx(), CONTAINER));
                });
            }
        });
    }

    private static double micros(Peer peer, int clients, int calls, Consumer<WharfClient> call) {
        List<WharfClient> connections = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                connections.add(peer.connect());
                // Connected now, not while it is measured.
                call.accept(connections.getLast());
            }
            double millis = Arena.millis(() -> ParallelWork.run(clients, number -> {
                for (int i = 0; i < calls; i++) {
                    call.accept(connections.get(number));
                }
            }));
            return millis * 1_000 / ((double) clients * calls);
        } finally {
            connections.forEach(WharfClient::close);
        }
    }
}
