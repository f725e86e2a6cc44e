package dev.wharf.lib.tar;

/** What an entry makes. */
public enum TarType {
    REGULAR,
    DIRECTORY,
    SYMLINK,
    HARD_LINK,
    CHARACTER_DEVICE,
    BLOCK_DEVICE,
    FIFO;

    /** Whether bytes of content follow the header. */
    boolean hasContent() {
        return this == REGULAR;
    }
}
