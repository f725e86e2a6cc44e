package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Reading the entries of a directory. Source: getdents(2). */
public final class Directory {
    private static final int BUFFER = 1 << 16;
    private static final int PART = 1 << 11;

    /** Offsets in struct linux_dirent64. */
    private static final int RECLEN = 16;

    private static final int TYPE = 18;
    private static final int NAME = 19;

    private Directory() {}

    /**
     * One entry.
     *
     * @param name bytes of the name as {@link FileNames} reads them
     * @param type {@link FileType#UNKNOWN} on file systems that do not keep it in the directory
     * @param inode number of the file
     */
    public record Entry(String name, FileType type, long inode) {}

    /** All entries but {@code .} and {@code ..}, in the order of the file system; also for an O_PATH descriptor. */
    public static List<Entry> list(Fd directory) {
        try (Fd own = readable(directory)) {
            List<Entry> entries = new ArrayList<>();
            while (read(own, BUFFER, entries)) {}
            return entries;
        }
    }

    /**
     * The same for a directory of any size, in parts: {@code each} is called with some entries after the other. Memory is
     * bounded, to some 10 KB for the part being looked at.
     */
    public static void forEach(Fd directory, Visitor each) throws IOException {
        try (Fd own = readable(directory)) {
            List<Entry> entries = new ArrayList<>();
            while (read(own, PART, entries)) {
                for (Entry entry : entries) {
                    each.visit(entry);
                }
                entries.clear();
            }
        }
    }

    /** What is done with an entry. */
    @FunctionalInterface
    public interface Visitor {
        /** Does it. */
        void visit(Entry entry) throws IOException;
    }

    private static Fd readable(Fd directory) {
        return FilesAt.open(directory, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
    }

    /** Adds the next entries; false where there are none. */
    private static boolean read(Fd directory, int most, List<Entry> entries) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(most, Long.BYTES);
            long length = check(Syscall.GETDENTS64.call(directory.number(), buffer.address(), most), "getdents");
            collect(buffer.asSlice(0, length), entries);
            return length > 0;
        }
    }

    private static void collect(MemorySegment records, List<Entry> entries) {
        for (long at = 0; at < records.byteSize(); ) {
            int size = Short.toUnsignedInt(records.get(JAVA_SHORT_UNALIGNED, at + RECLEN));
            Entry entry = entry(records.asSlice(at, size));
            if (!entry.name.equals(".") && !entry.name.equals("..")) {
                entries.add(entry);
            }
            at += size;
        }
    }

    private static Entry entry(MemorySegment record) {
        long end = NAME;
        while (record.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        String name = Memory.toName(record.asSlice(NAME), end - NAME);
        return new Entry(name, FileType.ofEntry(record.get(JAVA_BYTE, TYPE)), record.get(JAVA_LONG_UNALIGNED, 0));
    }
}
