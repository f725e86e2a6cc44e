package dev.wharf.bench;

import dev.wharf.client.WharfClient;
import dev.wharf.core.containers.Container;
import dev.wharf.core.images.Image;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.typeurl.TypedValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** All of many containers, and all of many images, in one request each. */
final class Listings implements Workload {
    private static final int WRITERS = 8;

    @Override
    public String name() {
        return "list";
    }

    @Override
    public void measure(Arena arena, Medians medians) {
        int count = arena.options().objects();
        arena.withPair(pair -> {
            pair.each(peer -> fill(peer, count));
            arena.inTurnWithProcessor(
                    pair, medians, new Medians.Measure("list " + count + " containers", "ms"), peer -> {
                        return list(
                                peer,
                                count,
                                client -> client.containers()
                                        .list(peer.ctx(), List.of())
                                        .size());
                    });
            arena.inTurnWithProcessor(pair, medians, new Medians.Measure("list " + count + " images", "ms"), peer -> {
                return list(
                        peer,
                        count,
                        client -> client.images().list(peer.ctx(), List.of()).size());
            });
        });
    }

    private static double list(Peer peer, int expected, ToIntFunction<WharfClient> listing) {
        return Arena.millis(() -> {
            int found = listing.applyAsInt(peer.client());
            if (found != expected) {
                throw new IllegalStateException(found + " objects were listed of " + expected);
            }
        });
    }

    private static void fill(Peer peer, int count) {
        TypedValue spec = new TypedValue(TypedValue.SPEC, "{}".getBytes(StandardCharsets.UTF_8));
        ParallelWork.run(WRITERS, writer -> {
            for (int i = writer; i < count; i += WRITERS) {
                peer.client().containers().create(peer.ctx(), container(i, spec));
                peer.client().images().create(peer.ctx(), image(i));
            }
        });
    }

    private static Container container(int number, TypedValue spec) {
        return Sleepers.container("container-" + number, imageName(number), spec);
    }

    private static Image image(int number) {
        Digest digest = Digest.sha256(imageName(number).getBytes(StandardCharsets.UTF_8));
        Descriptor target = new Descriptor(MediaTypes.OCI_MANIFEST, digest, 1_000, Map.of());
        return new Image(imageName(number), Map.of("number", "" + number), target, Instant.EPOCH, Instant.EPOCH);
    }

    private static String imageName(int number) {
        return "registry.example/bench/image-" + number + ":latest";
    }
}
