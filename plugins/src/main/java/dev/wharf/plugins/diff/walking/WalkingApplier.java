package dev.wharf.plugins.diff.walking;

import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.lib.tar.TarBounds;
import dev.wharf.lib.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The walking differ's apply: a tar layer, plain or compressed by gzip or zstd, unpacked entry by entry.
 *
 * <p>Read, decompressed, digested and unpacked in one pass: a thread of its own decompresses and digests, the caller's
 * makes the files. The pass ends with an error when the request is past its deadline or its thread is interrupted. What
 * was unpacked before an error stays: the caller throws the snapshot away. Safe for several threads.
 */
public final class WalkingApplier implements Applier {
    private static final int BUFFER = 1 << 16;
    private static final Duration FOREVER = Duration.ofDays(365);

    private final ContentStore content;
    private final TarBounds bounds;
    private final Path mountRoot;
    private final boolean privileged;

    /**
     * An applier.
     *
     * @param content where layers come from
     * @param bounds how much a layer may ask for
     * @param mountRoot the directory for temporary mounts; made when it is needed
     */
    public WalkingApplier(ContentStore content, TarBounds bounds, Path mountRoot) {
        this.content = content;
        this.bounds = bounds;
        this.mountRoot = mountRoot;
        this.privileged = isInitialUserNamespace();
    }

    @Override
    public Descriptor apply(Context ctx, Descriptor diff, List<Mount> mounts, Options options) {
        if (!Decompression.handles(diff.mediaType())) {
            throw ErrorKind.NOT_IMPLEMENTED.of("no processor for media-type \"" + diff.mediaType() + "\"");
        }
        Runnable check = () -> check(ctx);
        try (ContentReader reader = content.open(ctx, diff.digest())) {
            InputStream plain = Decompression.of(new BlobStream(reader, diff.digest()));
            MeasuredStream measured = new MeasuredStream(plain, bounds.archiveBytes(), check);
            try (InputStream ahead = new ReadAheadStream(measured);
                    ApplyTarget target = ApplyTarget.open(mounts, mountRoot, privileged)) {
                unpack(ahead, target, check);
                ahead.transferTo(OutputStream.nullOutputStream());
                if (options.syncFs()) {
                    target.sync();
                }
            }
            return measured.descriptor();
        } catch (IOException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("layer " + diff.digest() + ": " + e.getMessage(), e);
        }
    }

    private void unpack(InputStream plain, ApplyTarget target, Runnable check) throws IOException {
        TarReader archive = new TarReader(new BufferedInputStream(plain, BUFFER), bounds);
        try (LayerUnpacker unpacker = new LayerUnpacker(target.root(), target.layering(), bounds, privileged)) {
            unpacker.unpack(archive, check);
        }
    }

    private static void check(Context ctx) {
        if (Thread.currentThread().isInterrupted()) {
            throw ErrorKind.CANCELLED.of("apply layer");
        }
        Duration left = ctx.remaining(FOREVER);
        assert !left.isNegative();
    }

    /** Whether this process may make device nodes and set trusted attributes. Source: user_namespaces(7). */
    private static boolean isInitialUserNamespace() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
            return map.replaceAll("\\s+", " ").equals("0 0 4294967295");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the user namespace of this process", e);
        }
    }
}
