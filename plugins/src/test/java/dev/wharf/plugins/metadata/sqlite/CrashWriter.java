package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.context.Context;
import dev.wharf.testkit.clock.SettableClock;
import dev.wharf.testkit.events.RecordingEventBus;
import java.nio.file.Path;
import java.util.Map;

/**
 * The child of the crash test: writes containers from several threads until it is killed, and prints the id of each once it
 * is told that it is durable.
 */
final class CrashWriter {
    private static final int THREADS = 8;

    private CrashWriter() {}

    public static void main(String[] args) throws InterruptedException {
        SqliteDatabase database = SqliteDatabase.open(Path.of(args[0]));
        SettableClock clock = new SettableClock();
        SqliteContainerStore containers = new SqliteContainerStore(database, new RecordingEventBus(clock), clock);
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            String prefix = args[1] + "-" + t + "-";
            threads[t] = Thread.ofPlatform().start(() -> write(containers, prefix));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void write(SqliteContainerStore containers, String prefix) {
        Context ctx = Context.of("testing");
        for (int i = 0; ; i++) {
            String id = prefix + i;
            containers.create(ctx, MetadataFixture.container(id, "overlayfs", id, Map.of("k", "v".repeat(i % 1000))));
            System.out.println(id);
        }
    }
}
