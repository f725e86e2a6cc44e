package dev.wharf.lib.tar;

import dev.wharf.lib.linux.FileNames;
import dev.wharf.lib.tar.TarBlock.Field;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Puts an entry together from its header block and what extended headers say instead. */
final class EntryFields {
    /** The largest owner or group; one more means "leave as it is" to chown(2). */
    private static final long MAX_ID = 0xFFFF_FFFEL;

    private final TarBlock block;
    private final PaxRecords pax;
    private final TarBounds bounds;
    private final String name;
    private final String linkName;
    private final TarType type;

    EntryFields(
            TarBlock block, PaxRecords pax, @Nullable String longName, @Nullable String longLink, TarBounds bounds) {
        this.block = block;
        this.pax = pax;
        this.bounds = bounds;
        String named = longName != null ? longName : pax.name("path", block.name());
        this.name = checked(pax.name("GNU.sparse.name", named));
        this.linkName = checked(longLink != null ? longLink : pax.name("linkpath", block.text(Field.LINK_NAME)));
        this.type = type();
    }

    String name() {
        return name;
    }

    private String checked(String path) {
        if (path.indexOf('\0') >= 0) {
            throw TarFailures.malformed(path, "NUL within a name");
        }
        int length = FileNames.encode(path).length;
        if (length > bounds.pathBytes()) {
            throw TarFailures.tooMuch(path, "length of the name", length, bounds.pathBytes());
        }
        return path;
    }

    private TarType type() {
        return switch (block.type()) {
            case '0', '7', 'S' -> TarType.REGULAR;
            case '\0' -> name.endsWith("/") ? TarType.DIRECTORY : TarType.REGULAR;
            case '1' -> TarType.HARD_LINK;
            case '2' -> TarType.SYMLINK;
            case '3' -> TarType.CHARACTER_DEVICE;
            case '4' -> TarType.BLOCK_DEVICE;
            case '5' -> TarType.DIRECTORY;
            case '6' -> TarType.FIFO;
            default ->
                throw TarFailures.malformed(name, "unhandled type " + TarFailures.quoted(String.valueOf(block.type())));
        };
    }

    /** The bytes that follow the header. */
    long storedSize() {
        if (!type.hasContent()) {
            return 0;
        }
        return within(pax.number("size", block.number(Field.BYTES, name)));
    }

    private long within(long size) {
        if (size < 0) {
            throw TarFailures.malformed(name, "negative size");
        }
        if (size > bounds.archiveBytes()) {
            throw TarFailures.tooMuch(name, "size", size, bounds.archiveBytes());
        }
        return size;
    }

    /**
     * The entry; reads the sparse map, wherever it is.
     *
     * @param inContent blocks off the content, for the map of PAX sparse format 1.0
     * @param contentLeft bytes of content not yet read
     * @param behindHeader blocks between header and content, for the old GNU format
     */
    TarEntry entry(SparseMap.Blocks inContent, LongSupplier contentLeft, SparseMap.Blocks behindHeader)
            throws IOException {
        SparseMap map = new SparseMap(name, bounds);
        boolean sparse = type == TarType.REGULAR && readMap(map, inContent, behindHeader);
        long stored = contentLeft.getAsLong();
        long size = sparse ? realSize(stored) : stored;
        List<Segment> segments = sparse ? map.checked(size, stored) : List.of(new Segment(0, stored));
        Instant modified = Objects.requireNonNull(pax.time("mtime", seconds(Field.MTIME)));
        Instant accessed = pax.time("atime", headerAccess());
        return new TarEntry(
                name,
                type,
                linkName,
                (int) (block.number(Field.MODE, name) & 07777),
                id("uid", Field.UID),
                id("gid", Field.GID),
                size,
                segments,
                modified,
                accessed == null ? modified : accessed,
                device(Field.DEVICE_MAJOR),
                device(Field.DEVICE_MINOR),
                xattrs());
    }

    private boolean readMap(SparseMap map, SparseMap.Blocks inContent, SparseMap.Blocks behindHeader)
            throws IOException {
        List<Long> numbers = pax.sparseNumbers();
        if (block.type() == 'S') {
            map.readOld(block.bytes(), behindHeader);
        } else if (numbers != null) {
            map.addAll(numbers);
        } else if (pax.number("GNU.sparse.major", 0) == 1) {
            map.readLines(inContent);
        } else {
            return false;
        }
        return true;
    }

    private long realSize(long stored) {
        if (block.type() == 'S') {
            return within(block.number(Field.GNU_REAL_SIZE, name));
        }
        return within(pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", stored)));
    }

    private int id(String key, Field field) {
        long id = pax.number(key, block.number(field, name));
        if (id < 0 || id > MAX_ID) {
            throw TarFailures.malformed(name, key + " " + id + " is out of range");
        }
        return (int) id;
    }

    private Instant seconds(Field field) {
        long seconds = block.number(field, name);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw TarFailures.malformed(name, "time is out of range");
        }
        return Instant.ofEpochSecond(seconds);
    }

    private @Nullable Instant headerAccess() {
        return switch (block.format()) {
            case V7, USTAR -> null;
            case GNU -> block.bytes()[Field.GNU_ATIME.offset] == 0 ? null : seconds(Field.GNU_ATIME);
            case STAR -> seconds(Field.STAR_ATIME);
        };
    }

    private long device(Field field) {
        boolean device = type == TarType.CHARACTER_DEVICE || type == TarType.BLOCK_DEVICE;
        return device && block.format() != TarBlock.Format.V7 ? block.number(field, name) : 0;
    }

    private Map<String, byte[]> xattrs() {
        Map<String, byte[]> xattrs = pax.xattrs();
        xattrs.forEach((key, value) -> {
            if (value.length > bounds.xattrBytes()) {
                throw TarFailures.tooMuch(
                        name, "size of attribute " + TarFailures.quoted(key), value.length, bounds.xattrBytes());
            }
            if (key.isEmpty() || key.indexOf('\0') >= 0) {
                throw TarFailures.malformed(name, "extended attribute without a name");
            }
        });
        return xattrs;
    }
}
