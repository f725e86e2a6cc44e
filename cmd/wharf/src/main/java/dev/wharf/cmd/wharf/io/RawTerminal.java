package dev.wharf.cmd.wharf.io;

import dev.wharf.lib.linux.ErrnoException;
import dev.wharf.lib.linux.Fd;
import dev.wharf.lib.linux.Terminal;
import dev.wharf.lib.linux.TerminalMode;
import dev.wharf.lib.linux.WindowSize;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This program's terminal in raw mode, so that each key reaches the container. Gets its mode back when closed, and when
 * the JVM ends in any way that lets it.
 */
final class RawTerminal implements AutoCloseable {
    private final TerminalMode before;
    private final Thread atExit = new Thread(this::restore);
    private final AtomicBoolean restored = new AtomicBoolean();

    private RawTerminal(TerminalMode before) {
        this.before = before;
    }

    /** Told how wide and high the terminal is. */
    @FunctionalInterface
    interface Resize {
        void to(int columns, int rows);
    }

    /** Goes into raw mode; {@code resize} is told the size now and whenever it changes. */
    static RawTerminal enter(Resize resize) {
        RawTerminal terminal = new RawTerminal(Terminal.mode(Fd.STDIN));
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        Terminal.makeRaw(Fd.STDIN);
        tellSize(resize);
        Signals.onResize(() -> tellSize(resize));
        return terminal;
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook has run or runs.
        }
    }

    private void restore() {
        if (restored.compareAndSet(false, true)) {
            try {
                Terminal.setMode(Fd.STDIN, before);
            } catch (ErrnoException e) {
                // The terminal is gone.
            }
        }
    }

    /** Tells how wide and high the terminal is now, if it knows. */
    static void tellSize(Resize resize) {
        WindowSize size = Terminal.size(Fd.STDIN);
        if (size.columns() > 0 && size.rows() > 0) {
            resize.to(size.columns(), size.rows());
        }
    }
}
