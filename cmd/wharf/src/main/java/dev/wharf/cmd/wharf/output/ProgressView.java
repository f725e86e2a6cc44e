package dev.wharf.cmd.wharf.output;

import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.transfer.Progress;
import dev.wharf.core.unpack.UnpackListener;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Progress for people: on a terminal a bar that is drawn anew, elsewhere a line for each blob and layer that is done.
 *
 * <p>Steps come in containerd's words; what is not understood is passed over.
 */
public final class ProgressView implements Progress.Listener, UnpackListener, AutoCloseable {
    private static final int WIDTH = 30;
    private static final int SHOWN_DIGEST = 19;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private final boolean terminal;
    private final ReentrantLock lock = new ReentrantLock();
    /** How far each blob has come; guarded by lock. */
    private final Map<Digest, Transfer> transfers = new LinkedHashMap<>();
    /** Layers unpacked; guarded by lock. */
    private final Set<Digest> unpacked = new HashSet<>();
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
    public void on(Progress step) {
        Descriptor blob = step.descriptor();
        if (blob == null) {
            return;
        }
        switch (step.event()) {
            case "waiting" -> moved(blob, 0);
            case "downloading", "uploading" -> moved(blob, step.progress());
            case "complete", "already exists" -> {
                moved(blob, blob.size());
                line((step.event().equals("complete") ? "stored " : "kept ") + shown(blob) + " "
                        + Human.size(blob.size()));
            }
            case "extracted" -> extracted(blob);
            default -> {}
        }
    }

    private void moved(Descriptor blob, long offset) {
        update(
                () -> transfers.merge(
                        blob.digest(),
                        new Transfer(offset, blob.size()),
                        (old, now) -> now.offset() < old.offset() ? old : now),
                offset == blob.size());
    }

    @Override
    public void extracted(Descriptor layer) {
        update(() -> unpacked.add(layer.digest()), true);
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
        String digest = blob.digest().toString();
        return digest.substring(0, Math.min(SHOWN_DIGEST, digest.length()));
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
                + Human.size(total) + ", " + whole + " of " + transfers.size() + " blobs, " + unpacked.size()
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
