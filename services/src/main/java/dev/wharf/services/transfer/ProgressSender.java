package dev.wharf.services.transfer;

import dev.wharf.core.error.WharfException;
import dev.wharf.core.streaming.Stream;
import dev.wharf.core.transfer.Progress;
import dev.wharf.wire.DescriptorMessages;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends progress to a client on a thread of its own. A client that does not read loses steps, and nothing else. */
final class ProgressSender implements Progress.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressSender.class);
    private static final int MOST_WAITING = 4096;
    private static final Duration FLUSH = Duration.ofSeconds(10);

    private final Stream stream;
    private final BlockingQueue<Optional<Progress>> steps = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;

    ProgressSender(Stream stream) {
        this.stream = stream;
        this.thread = Thread.ofVirtual().name("progress").start(this::send);
    }

    @Override
    public void on(Progress step) {
        boolean taken = steps.offer(Optional.of(step));
        LOG.atTrace()
                .addKeyValue("event", step.event())
                .addKeyValue("taken", taken)
                .log("transfer progress");
    }

    private void send() {
        try {
            for (Optional<Progress> step = steps.take(); step.isPresent(); step = steps.take()) {
                stream.send(Messages.typed(message(step.get())));
            }
        } catch (WharfException e) {
            LOG.debug("progress is read no more", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static dev.wharf.api.types.transfer.Progress message(Progress step) {
        var message = dev.wharf.api.types.transfer.Progress.newBuilder()
                .setEvent(step.event())
                .setName(step.name())
                .addAllParents(step.parents())
                .setProgress(step.progress())
                .setTotal(step.total());
        if (step.descriptor() != null) {
            message.setDesc(DescriptorMessages.toProto(step.descriptor()));
        }
        return message.build();
    }

    /** Sends what is left, within a bound of time, and ends the stream. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (!steps.offer(Optional.empty()) || !thread.join(FLUSH)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            thread.interrupt();
        } finally {
            stream.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
