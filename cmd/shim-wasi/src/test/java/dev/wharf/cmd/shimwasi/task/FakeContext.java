package dev.wharf.cmd.shimwasi.task;

import dev.wharf.shim.BundleLog;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a serving runtime gets, without a process around it: keeps events and log lines. */
final class FakeContext implements ShimContext {
    private final Path directory;
    private final boolean takes;
    private final List<ShimEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** @param takes whether events are taken at once, or never */
    FakeContext(Path directory, boolean takes) {
        this.directory = directory;
        this.takes = takes;
    }

    List<String> topics() {
        return events.stream().map(ShimEvent::topic).toList();
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(ShimEvent event, Runnable taken) {
        events.add(event);
        if (takes) {
            taken.run();
        }
    }

    @Override
    public BundleLog log(Path bundle) {
        return new BundleLog() {
            @Override
            public void debug(String message) {}

            @Override
            public void info(String message) {
                lines.add(message);
            }

            @Override
            public void warn(String message) {
                lines.add(message);
            }

            @Override
            public void error(String message) {
                lines.add(message);
            }

            @Override
            public void close() {}
        };
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
        return false;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }
}
