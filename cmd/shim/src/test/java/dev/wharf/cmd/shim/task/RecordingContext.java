package dev.wharf.cmd.shim.task;

import dev.wharf.shim.BundleLog;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A framework that keeps events and takes each at once. */
final class RecordingContext implements ShimContext {
    private final Path directory;
    private final List<ShimEvent> events = new CopyOnWriteArrayList<>();

    RecordingContext(Path directory) {
        this.directory = directory;
    }

    List<ShimEvent> events() {
        return events;
    }

    /** Topics of one container in their order. */
    List<String> topics(String id) {
        return events.stream()
                .filter(event -> event.container().equals(id))
                .map(ShimEvent::topic)
                .toList();
    }

    @Override
    public void publish(ShimEvent event, Runnable taken) {
        events.add(event);
        Thread.ofVirtual().start(taken);
    }

    @Override
    public BundleLog log(Path bundle) {
        throw new UnsupportedOperationException("no log in this test");
    }

    @Override
    public Path stateDirectory() {
        return directory;
    }

    @Override
    public Path socket() {
        return directory.resolve("socket");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public boolean debug() {
        return true;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }
}
