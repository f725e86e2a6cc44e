package dev.wharf.lib.linux;

/** The type of a file, as its bits in a mode and its number in a directory entry. Source: inode(7). */
public enum FileType {
    FIFO(0x1),
    CHARACTER_DEVICE(0x2),
    DIRECTORY(0x4),
    BLOCK_DEVICE(0x6),
    REGULAR(0x8),
    SYMLINK(0xa),
    SOCKET(0xc),
    /** A directory entry without a type, on file systems that do not keep it there. */
    UNKNOWN(0);

    private final int number;

    FileType(int number) {
        this.number = number;
    }

    /** The type bits (S_IFMT) of a mode. */
    public int bits() {
        return number << 12;
    }

    /** The type in a mode. */
    public static FileType ofMode(int mode) {
        return ofEntry(mode >>> 12 & 0xf);
    }

    /** The type with this number (DT_*) in a directory entry. */
    static FileType ofEntry(int number) {
        for (FileType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return UNKNOWN;
    }
}
