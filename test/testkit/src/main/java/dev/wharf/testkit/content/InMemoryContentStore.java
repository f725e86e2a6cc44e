package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentInfo;
import dev.wharf.core.content.ContentReader;
import dev.wharf.core.content.ContentStore;
import dev.wharf.core.content.ContentWriter;
import dev.wharf.core.content.IngestStatus;
import dev.wharf.core.context.Context;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.filter.Filter;
import dev.wharf.core.names.Labels;
import dev.wharf.core.oci.Digest;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A content store that is gone with the process; its namespaces share their blobs, leases are not kept. */
public final class InMemoryContentStore implements ContentStore {
    private final InstantSource clock;

    /** Guards all maps, and the ingests in them. */
    final ReentrantLock lock = new ReentrantLock();

    private final Map<Digest, byte[]> bytes = new HashMap<>();
    private final Map<String, Map<String, ContentInfo>> infos = new HashMap<>();
    private final Map<String, Map<String, InMemoryIngest>> ingests = new HashMap<>();

    /** An empty store. */
    public InMemoryContentStore(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a blob at once and answers its digest; for what a test needs before it starts. */
    public Digest add(Context ctx, byte[] data, Map<String, String> labels) {
        Digest digest = Digest.sha256(data);
        try (ContentWriter writer = writer(ctx, "add-" + digest, data.length, digest)) {
            if (writer.status().offset() == 0) {
                writer.write(ByteBuffer.wrap(data));
            }
            writer.commit(data.length, digest, labels);
        }
        return digest;
    }

    @Override
    public ContentInfo info(Context ctx, Digest digest) {
        return locked(() -> Optional.ofNullable(infos(ctx).get(digest.toString()))
                .orElseThrow(() -> ErrorKind.NOT_FOUND.of("content " + digest)));
    }

    @Override
    public ContentInfo update(Context ctx, ContentInfo info, List<String> paths) {
        return locked(() -> {
            ContentInfo old = info(ctx, info.digest());
            Map<String, String> labels = present(labelsAfter(old.labels(), info.labels(), paths));
            ContentInfo changed =
                    new ContentInfo(old.digest(), old.size(), old.createdAt(), clock.instant(), Labels.check(labels));
            infos(ctx).put(old.digest().toString(), changed);
            return changed;
        });
    }

    private static Map<String, String> labelsAfter(
            Map<String, String> old, Map<String, String> given, List<String> paths) {
        if (paths.isEmpty() || paths.contains("labels")) {
            return given;
        }
        Map<String, String> labels = new HashMap<>(old);
        for (String path : paths) {
            if (!path.startsWith("labels.")) {
                throw ErrorKind.INVALID_ARGUMENT.of("cannot update \"" + path + "\" field on content info");
            }
            String key = path.substring("labels.".length());
            labels.put(key, given.getOrDefault(key, ""));
        }
        return labels;
    }

    private static Map<String, String> present(Map<String, String> labels) {
        return labels.entrySet().stream()
                .filter(label -> !label.getValue().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void walk(Context ctx, List<String> filters, Consumer<ContentInfo> visitor) {
        Filter filter = Filter.parse(filters);
        List<ContentInfo> all = locked(() -> List.copyOf(infos(ctx).values()));
        all.stream().filter(filter::matches).forEach(visitor);
    }

    @Override
    public void delete(Context ctx, Digest digest) {
        locked(() -> {
            info(ctx, digest);
            infos(ctx).remove(digest.toString());
            if (infos.values().stream().noneMatch(known -> known.containsKey(digest.toString()))) {
                bytes.remove(digest);
            }
            return digest;
        });
    }

    @Override
    public ContentReader open(Context ctx, Digest digest) {
        return locked(() -> {
            info(ctx, digest);
            return new BytesReader(Optional.ofNullable(bytes.get(digest)).orElseThrow());
        });
    }

    @Override
    public IngestStatus status(Context ctx, String ref) {
        return locked(() -> ingest(ctx, ref).status());
    }

    @Override
    public List<IngestStatus> statuses(Context ctx, List<String> filters) {
        Filter filter = Filter.parse(filters);
        return locked(() -> ingests(ctx).values().stream()
                .map(InMemoryIngest::status)
                .filter(filter::matches)
                .sorted(Comparator.comparing(IngestStatus::ref))
                .toList());
    }

    @Override
    public void abort(Context ctx, String ref) {
        locked(() -> {
            ingest(ctx, ref);
            return ingests(ctx).remove(ref);
        });
    }

    @Override
    public ContentWriter writer(Context ctx, String ref, long total, @Nullable Digest expected) {
        if (ref.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("ref must not be empty");
        }
        return locked(() -> {
            if (expected != null && infos(ctx).containsKey(expected.toString())) {
                throw ErrorKind.ALREADY_EXISTS.of("content " + expected);
            }
            InMemoryIngest ingest = ingests(ctx).computeIfAbsent(ref, key -> newIngest(key, total, expected));
            ingest.open();
            return new InMemoryContentWriter(this, ctx, ingest);
        });
    }

    private InMemoryIngest newIngest(String ref, long total, @Nullable Digest expected) {
        byte[] shared = expected == null ? null : bytes.get(expected);
        return new InMemoryIngest(ref, total, expected, clock, shared);
    }

    /** Lists a finished ingest; {@code ALREADY_EXISTS}. The ingest is gone either way. */
    void commit(Context ctx, InMemoryIngest ingest, Digest digest, Map<String, String> labels) {
        ingests(ctx).remove(ingest.ref());
        if (infos(ctx).containsKey(digest.toString())) {
            throw ErrorKind.ALREADY_EXISTS.of("content " + digest);
        }
        byte[] data = ingest.data();
        Instant now = clock.instant();
        bytes.put(digest, data);
        infos(ctx)
                .put(digest.toString(), new ContentInfo(digest, data.length, now, now, present(Labels.check(labels))));
    }

    private InMemoryIngest ingest(Context ctx, String ref) {
        InMemoryIngest ingest = ingests(ctx).get(ref);
        if (ingest == null) {
            throw ErrorKind.NOT_FOUND.of("ingest ref \"" + ref + "\"");
        }
        return ingest;
    }

    private Map<String, ContentInfo> infos(Context ctx) {
        return infos.computeIfAbsent(ctx.namespace(), namespace -> new TreeMap<>());
    }

    private Map<String, InMemoryIngest> ingests(Context ctx) {
        return ingests.computeIfAbsent(ctx.namespace(), namespace -> new HashMap<>());
    }

    <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
