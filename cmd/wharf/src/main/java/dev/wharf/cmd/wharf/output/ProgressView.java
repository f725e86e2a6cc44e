package dev.wharf.cmd.wharf.output;

import dev.wharf.client.image.Progress;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Progress for people: on a terminal a bar that is drawn anew, elsewhere a line for each blob and layer that is done.
 */
public final class ProgressView implements Progress, AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private final boolean terminal;
    private final ReentrantLock lock = new ReentrantLock();
    /** How far each blob has come; guarded by lock. */
    private final Map<Digest, Transfer> transfers = new LinkedHashMap<>();
    /** Layers unpacked; guarded by lock. */
    private int unpacked;
    /** When the bar was last drawn, by System.nanoTime; guarded by lock. */
    private long drawn = System.nanoTime() - REDRAW_NANOS;

    /** Whether there is a bar to take away; guarded by lock. */
    private boolean barShown;

    private record Transfer(long offset, long size) {}

    /** Shows progress on a stream; {@code terminal} is whether that is a terminal. */
    public ProgressView(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void advanced(Descriptor blob, long offset) {
        update(() -> transfers.put(blob.digest(), new Transfer(offset, blob.size())), false);
    }

    @Override
    public void stored(Descriptor blob) {
        update(() -> transfers.put(blob.digest(), new Transfer(blob.size(), blob.size())), true);
        line("stored " + shown(blob) + " " + Human.size(blob.size()));
    }

    @Override
    public void unpacked(Descriptor layer) {
        update(() -> unpacked++, true);
        line("unpacked " + shown(layer));
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        boolean shown;
        lock.lock();
        try {
            shown = barShown;
            barShown = false;
        } finally {
            lock.unlock();
        }
        if (shown) {
            print("\r\033[K");
        }
    }

    private static String shown(Descriptor blob) {
        return blob.digest()
                .toString()
                .substring(0, Math.min(19, blob.digest().toString().length()));
    }

    private void update(Runnable change, boolean always) {
        String bar = "";
        lock.lock();
        try {
            change.run();
            long now = System.nanoTime();
            if (terminal && (always || now - drawn >= REDRAW_NANOS)) {
                drawn = now;
                barShown = true;
                bar = bar();
            }
        } finally {
            lock.unlock();
        }
        if (!bar.isEmpty()) {
            print(bar);
        }
    }

    private String bar() {
        long total = 0;
        long done = 0;
        long whole = 0;
        for (Transfer transfer : transfers.values()) {
            total += transfer.size();
            done += transfer.offset();
            whole += transfer.offset() == transfer.size() ? 1 : 0;
        }
        int filled = total == 0 ? WIDTH : (int) (done * WIDTH / total);
        return "\r\033[K[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + Human.size(done) + " of "
                + Human.size(total) + ", " + whole + " of " + transfers.size() + " blobs, " + unpacked
                + " layers unpacked";
    }

    private void line(String text) {
        if (!terminal) {
            print(text + "\n");
        }
    }

    private void print(String text) {
        out.print(text);
        out.flush();
    }
}
