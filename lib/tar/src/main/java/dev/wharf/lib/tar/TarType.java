package dev.wharf.lib.tar;

/** What an entry makes. */
public enum TarType {
    REGULAR('0'),
    DIRECTORY('5'),
    SYMLINK('2'),
    HARD_LINK('1'),
    CHARACTER_DEVICE('3'),
    BLOCK_DEVICE('4'),
    FIFO('6');

    private final char flag;

    TarType(char flag) {
        this.flag = flag;
    }

    /** Its letter in a header. */
    char flag() {
        return flag;
    }

    /** Whether bytes of content follow the header. */
    boolean hasContent() {
        return this == REGULAR;
    }
}
