package dev.wharf.cmd.shimwasi.task;

import dev.wharf.cmd.shimwasi.module.Program;
import dev.wharf.cmd.shimwasi.module.Share;
import dev.wharf.cmd.shimwasi.module.Warmup;
import dev.wharf.cmd.shimwasi.stdio.ContainerStreams;
import dev.wharf.shim.BundleLog;
import dev.wharf.shim.ShimException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One container while this process serves it: a module's thread and a platform thread that prepares it, waits for it,
 * and tells how it ended.
 */
final class WasiContainer {
    private static final int KILL = 9;
    private static final Duration TICK = Duration.ofMillis(50);

    /** How long a killed module may hang in a call to the kernel before its thread is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ModuleThread module;
    private final ContainerStreams streams;
    private final Share share;
    private final BundleLog log;
    private final Clock clock;
    private final Consumer<Exit> whenExited;
    private final BlockingQueue<Optional<ShimException>> prepared = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Boolean> orders = new ArrayBlockingQueue<>(2);
    private final AtomicInteger signal = new AtomicInteger();
    private final CountDownLatch exited = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile @Nullable Exit exit;
    private final AtomicBoolean started = new AtomicBoolean();

    WasiContainer(
            ModuleThread module,
            ContainerStreams streams,
            Share share,
            BundleLog log,
            Clock clock,
            Consumer<Exit> whenExited) {
        this.module = module;
        this.streams = streams;
        this.share = share;
        this.log = log;
        this.clock = clock;
        this.whenExited = whenExited;
        supervisor = Thread.ofPlatform().daemon().name("supervisor").unstarted(this::supervise);
    }

    /** Prepares files and module; a failure is thrown and leaves nothing behind. */
    void prepare() throws InterruptedException {
        supervisor.start();
        Optional<ShimException> failure = prepared.take();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Makes sure that it can be started, and is by nobody else. */
    void claimStart(String id) {
        if (exit != null || signal.get() != 0) {
            throw ShimException.failedPrecondition("container " + id + " has exited and cannot be started");
        }
        if (!started.compareAndSet(false, true)) {
            throw ShimException.failedPrecondition("container " + id + " runs already");
        }
    }

    /** Runs the module of a claimed start. */
    void start() {
        orders.add(true);
    }

    int pid() {
        return module.id();
    }

    boolean isStarted() {
        return started.get();
    }

    Optional<Exit> exit() {
        return Optional.ofNullable(exit);
    }

    Exit awaitExit() throws InterruptedException {
        exited.await();
        return exit().orElseThrow();
    }

    Share share() {
        return share;
    }

    void endInput() {
        streams.endInput();
    }

    /** Ends the module as a signal ends a process that does not handle it. Returns at once. */
    void kill(int number) {
        if (!signal.compareAndSet(0, number)) {
            return;
        }
        if (!started.get()) {
            orders.add(false);
        }
        Thread.ofVirtual().name("killing").start(this::interruptUntilEnded);
    }

    private void interruptUntilEnded() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (exit == null && System.nanoTime() < until) {
                if (started.get()) {
                    module.interrupt();
                }
                exited.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (exit == null) {
            supervisor.interrupt();
        }
    }

    /** Waits until the streams are closed and their loggers have ended. */
    void awaitClosed(Duration patience) throws InterruptedException {
        boolean ignored = closed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void supervise() {
        try {
            Program program = prepareProgram();
            if (program == null) {
                return;
            }
            Optional<Program.Ended> ended = Optional.empty();
            if (orders.take()) {
                module.run(program);
                ended = module.await();
            } else {
                module.dismiss();
            }
            finish(ended);
            streams.close();
        } catch (InterruptedException hangs) {
            // What it hangs in may still use the streams.
            log.error("module does not end and is left behind: it hangs in a call to the kernel");
            finish(Optional.empty());
        } finally {
            closed.countDown();
            share.close();
            log.close();
        }
    }

    private @Nullable Program prepareProgram() throws InterruptedException {
        try {
            Warmup.random();
            byte[] file = module.start();
            Program program = Program.of(file, share);
            prepared.add(Optional.empty());
            return program;
        } catch (ShimException refused) {
            return refuse(refused);
        } catch (RuntimeException | Error fault) {
            return refuse(new ShimException(ShimException.Code.UNKNOWN, "cannot prepare the module: " + fault, fault));
        }
    }

    private @Nullable Program refuse(ShimException why) {
        module.dismiss();
        streams.close();
        prepared.add(Optional.of(why));
        return null;
    }

    private void finish(Optional<Program.Ended> ended) {
        int killed = signal.get();
        int status = killed != 0 ? 128 + killed : ended.map(Program.Ended::code).orElse(128 + KILL);
        ended.filter(how -> !how.reason().isEmpty() && killed == 0)
                .ifPresent(how -> log.error("module ended: " + how.reason()));
        Instant now = clock.instant();
        Exit how = new Exit(status, now);
        exit = how;
        whenExited.accept(how);
        exited.countDown();
    }
}
