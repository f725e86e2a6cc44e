package dev.wharf.cmd.wharfd.config;

/**
 * Where a value of the configuration stands.
 *
 * @param file the file, or what stands for one ({@code command line})
 * @param row counted from 1, or 0 where there is none
 * @param column counted from 1, or 0 where there is none
 */
public record Position(String file, int row, int column) {
    /** A default that no file mentions. */
    public static final Position DEFAULT = new Position("default", 0, 0);

    @Override
    public String toString() {
        return row == 0 ? file : file + ":" + row + ":" + column;
    }
}
