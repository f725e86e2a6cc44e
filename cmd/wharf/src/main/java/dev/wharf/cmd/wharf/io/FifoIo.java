package dev.wharf.cmd.wharf.io;

import dev.wharf.client.run.ProcessControl;
import dev.wharf.client.run.ProcessIo;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Fifo;
import dev.wharf.lib.linux.OpenFlags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Connects a process with this program's standard streams through FIFOs, and passes signals on.
 *
 * <p>The reading ends are open before the process is created, so that nothing it writes is lost. The writing end of its
 * input is opened for reading too, which waits for nobody and makes writes fail only by being full.
 */
public final class FifoIo implements ProcessIo {
    private final FifoDirectory directory;
    private final TaskIo task;
    private final Fd stdout;
    private final @Nullable Fd stderr;
    private final @Nullable Fd stdin;
    private final List<OutputPump> outputs = new ArrayList<>();
    private @Nullable InputPump input;
    private @Nullable RawTerminal raw;

    private FifoIo(FifoDirectory directory, String id, boolean terminal, boolean attachInput) {
        this.directory = directory;
        Path out = directory.fifo(id + "-stdout");
        Path err = terminal ? null : directory.fifo(id + "-stderr");
        Path in = attachInput ? directory.fifo(id + "-stdin") : null;
        this.task = new TaskIo(text(in), out.toString(), text(err), terminal);
        this.stdout = Fifo.openReader(out);
        this.stderr = err == null ? null : Fifo.openReader(err);
        this.stdin = in == null ? null : Fd.open(in, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
    }

    /**
     * FIFOs for a process.
     *
     * @param parent where they get a directory of their own; empty: among the temporary files
     * @param attachInput whether the process reads this program's input; with a terminal it does in any case
     */
    public static FifoIo open(Optional<Path> parent, String id, boolean terminal, boolean attachInput) {
        FifoDirectory directory = parent.map(FifoDirectory::create).orElseGet(FifoDirectory::create);
        try {
            return new FifoIo(directory, id, terminal, attachInput || terminal);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public TaskIo task() {
        return task;
    }

    @Override
    public void created(ProcessControl process) {
        if (task.terminal()) {
            RawTerminal.tellSize(process::resize);
        }
    }

    @Override
    public void started(ProcessControl process) {
        outputs.add(OutputPump.start(stdout, Fd.STDOUT));
        if (stderr != null) {
            outputs.add(OutputPump.start(stderr, Fd.STDERR));
        }
        if (task.terminal()) {
            raw = RawTerminal.enter(process::resize);
        } else {
            Signals.forward(process::signal);
        }
        if (stdin != null) {
            input = InputPump.start(Fd.STDIN, stdin, process::closeInput);
        }
    }

    @Override
    public void drain() {
        outputs.forEach(OutputPump::drain);
    }

    @Override
    public void close() {
        if (input != null) {
            input.close();
        } else if (stdin != null) {
            stdin.close();
        }
        if (outputs.isEmpty()) {
            stdout.close();
            if (stderr != null) {
                stderr.close();
            }
        }
        outputs.forEach(OutputPump::close);
        outputs.clear();
        if (raw != null) {
            raw.close();
        }
        directory.close();
    }

    private static String text(@Nullable Path path) {
        return path == null ? "" : path.toString();
    }
}
