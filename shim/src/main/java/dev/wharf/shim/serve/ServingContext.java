package dev.wharf.shim.serve;

import dev.wharf.shim.BundleLog;
import dev.wharf.shim.ShimContext;
import dev.wharf.shim.ShimEvent;
import dev.wharf.shim.event.EventPublisher;
import dev.wharf.shim.log.FifoLog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What a runtime gets from its process. */
record ServingContext(String runtime, Settings settings, EventPublisher events, Clock clock) implements ShimContext {
    @Override
    public void publish(ShimEvent event, Runnable taken) {
        events.publish(event, taken);
    }

    @Override
    public BundleLog log(Path bundle) {
        return FifoLog.open(bundle, runtime, debug(), clock);
    }

    @Override
    public Path stateDirectory() {
        return settings.group().directory();
    }

    @Override
    public Path socket() {
        return settings.group().socket();
    }

    @Override
    public Map<String, String> environment() {
        return settings.environment();
    }

    @Override
    public boolean debug() {
        return settings.debug();
    }
}
