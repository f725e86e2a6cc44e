package dev.wharf.cmd.shim.stdio;

import dev.wharf.cmd.shim.bundle.Stdio;
import dev.wharf.cmd.shim.engine.EngineStreams;
import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.lib.linux.Errno;
import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fcntl;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.FileIo;
import dev.wharf.lib.linux.OpenFlags;
import dev.wharf.lib.linux.Terminal;
import dev.wharf.lib.linux.WindowSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A terminal: its master end is held here, and bytes flow between it and what the client named, for as long as any
 * process has the terminal open.
 *
 * <p>The client's fifo for output is also open for reading, so that a client may leave and come back. When standard
 * input ends, the terminal's character for the end of input is typed.
 */
final class TerminalIo implements ProcessIo {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalIo.class);

    private static final String MASTER = "master";
    private static final String OUTPUT = "output";
    private static final String INPUT = "input";
    private static final String KEEPER = "keeper";

    /** Control-D. */
    private static final byte[] END_OF_INPUT = {4};

    private final EventLoop loop;
    private final AtomicReference<@Nullable ConsoleSocket> socket;

    /** The client's for output, to be opened. */
    private final Optional<Path> fifo;

    private final CountDownLatch drained = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();

    /** What is open, by name; guarded by the lock. */
    private final Map<String, Fd> open = new HashMap<>();

    private @Nullable Flow output;
    private @Nullable Flow input;
    private volatile boolean ended;
    private volatile boolean released;
    private volatile Consumer<String> releases = name -> {};

    private TerminalIo(EventLoop loop, @Nullable ConsoleSocket socket, Optional<Path> fifo, Map<String, Fd> open) {
        this.loop = loop;
        this.socket = new AtomicReference<>(socket);
        this.fifo = fifo;
        this.open.putAll(open);
    }

    /**
     * One that the engine is about to make, with a target for its output, of which none is dropped. A fifo is opened once
     * the terminal is there: its reader sees no end when this process dies before.
     */
    static TerminalIo create(EventLoop loop, Stdio stdio, Optional<EngineStreams.Stream> target) {
        Map<String, Fd> open = new HashMap<>();
        Optional<Path> fifo = target.flatMap(stream -> switch (stream) {
            case EngineStreams.Stream.Given(Fd fd) -> {
                open.put(OUTPUT, fd);
                yield Optional.empty();
            }
            case EngineStreams.Stream.Opened(Path path) -> Optional.of(path);
        });
        try {
            openInput(stdio, open);
            return new TerminalIo(loop, ConsoleSocket.create(), fifo, open);
        } catch (RuntimeException e) {
            open.values().forEach(Fd::close);
            throw e;
        }
    }

    /**
     * One whose descriptors a former process of this program had. Where that was waiting for the terminal, it is taken
     * from the engine here, and the fifo opened; where the engine sent none, nothing begins.
     */
    static TerminalIo resumed(EventLoop loop, Map<String, Fd> descriptors, Optional<Path> fifo) {
        Map<String, Fd> open = new HashMap<>(descriptors);
        Fd listening = open.remove(CONSOLE);
        if (listening == null) {
            TerminalIo io = new TerminalIo(loop, null, Optional.empty(), open);
            loop.execute(io::flow);
            return io;
        }
        try (ConsoleSocket console = ConsoleSocket.adopt(listening)) {
            if (!open.containsKey(MASTER)) {
                console.receiveSent().ifPresent(master -> open.put(MASTER, master));
            }
        }
        TerminalIo io = new TerminalIo(loop, null, open.containsKey(OUTPUT) ? Optional.empty() : fifo, open);
        if (open.containsKey(MASTER)) {
            io.beginAgain();
        }
        return io;
    }

    /** A client whose fifo is gone gets no output. */
    private void beginAgain() {
        try {
            begin();
        } catch (ErrnoException e) {
            LOG.warn("the output of a terminal cannot be opened again, error={}", e.getMessage());
            loop.execute(this::flow);
        }
    }

    private static void openInput(Stdio stdio, Map<String, Fd> open) {
        if (!stdio.stdin().isEmpty()) {
            StdinFifo stdin = StdinFifo.open(Path.of(stdio.stdin()));
            open.put(INPUT, stdin.reader());
            stdin.keeper().ifPresent(keeper -> open.put(KEEPER, keeper));
        }
    }

    @Override
    public Optional<Path> console() {
        return Optional.ofNullable(socket.get()).map(ConsoleSocket::path);
    }

    @Override
    public void started() {
        try (ConsoleSocket console = socket.getAndSet(null)) {
            if (console == null) {
                return;
            }
            put(MASTER, console.receive());
        }
        begin();
    }

    private void begin() {
        fifo.ifPresent(path -> put(OUTPUT, Fd.open(path, OpenFlags.O_RDWR)));
        loop.execute(this::flow);
    }

    /** Starts both directions. On the loop's thread. */
    private void flow() {
        Fd master = get(MASTER);
        Fd target = get(OUTPUT);
        Fd source = get(INPUT);
        if (master != null && target != null) {
            Fcntl.setNonBlocking(target, true);
            Flow flow = new Flow(loop, master, target, this::outputChanged);
            output = flow;
            flow.run();
        } else {
            drained.countDown();
        }
        if (master != null && source != null) {
            Fcntl.setNonBlocking(source, true);
            Flow flow = new Flow(loop, source, master, this::inputChanged);
            input = flow;
            flow.run();
        }
    }

    /** When no process has the terminal open any more, the client sees the end of the output. */
    private void outputChanged(Flow.End end) {
        if (end != Flow.End.IDLE) {
            Fd target = take(OUTPUT);
            if (target != null) {
                target.close();
                released = true;
                Thread.ofVirtual().start(() -> releases.accept(OUTPUT));
            }
        }
        if (end != Flow.End.IDLE || ended) {
            drained.countDown();
        }
    }

    @Override
    public void onRelease(Consumer<String> listener) {
        releases = listener;
        if (released) {
            listener.accept(OUTPUT);
        }
    }

    private void inputChanged(Flow.End end) {
        Fd master = get(MASTER);
        if (end == Flow.End.SOURCE && master != null && !ended) {
            try {
                FileIo.tryWrite(master, END_OF_INPUT, 0, END_OF_INPUT.length);
            } catch (ErrnoException e) {
                if (!e.is(Errno.EIO)) {
                    throw e;
                }
            }
        }
    }

    /** What the terminal still holds is moved; output is complete after it unless others have the terminal open. */
    @Override
    public void ended() {
        ended = true;
        loop.execute(() -> {
            Flow flow = output;
            if (flow != null && !flow.isOver()) {
                flow.run();
            } else {
                drained.countDown();
            }
        });
    }

    @Override
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        return drained.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void closeStdin() {
        Fd keeper = take(KEEPER);
        if (keeper != null) {
            keeper.close();
        }
    }

    @Override
    public String stdinName() {
        return KEEPER;
    }

    @Override
    public void resize(WindowSize size) {
        lock.lock();
        try {
            Fd master = open.get(MASTER);
            if (master != null) {
                Terminal.resize(master, size);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Map<String, Fd> lasting() {
        lock.lock();
        try {
            Map<String, Fd> lasting = new HashMap<>(open);
            ConsoleSocket console = socket.get();
            if (console != null) {
                lasting.put(CONSOLE, console.listening());
            }
            return lasting;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        ConsoleSocket console = socket.getAndSet(null);
        if (console != null) {
            console.close();
        }
        loop.execute(() -> {
            stop(output);
            stop(input);
            drained.countDown();
            lock.lock();
            try {
                open.values().forEach(Fd::close);
                open.clear();
            } finally {
                lock.unlock();
            }
        });
    }

    private static void stop(@Nullable Flow flow) {
        if (flow != null) {
            flow.stop();
        }
    }

    private void put(String name, Fd fd) {
        lock.lock();
        try {
            open.put(name, fd);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Fd get(String name) {
        lock.lock();
        try {
            return open.get(name);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Fd take(String name) {
        lock.lock();
        try {
            return open.remove(name);
        } finally {
            lock.unlock();
        }
    }
}
