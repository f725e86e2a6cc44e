package dev.wharf.lib.linux;

/**
 * The size of a terminal in characters.
 *
 * @param rows 0 to 65535, 0 when unknown
 * @param columns 0 to 65535, 0 when unknown
 */
public record WindowSize(int rows, int columns) {
    public WindowSize {
        if (rows < 0 || rows > 0xffff || columns < 0 || columns > 0xffff) {
            throw new IllegalArgumentException("window size out of range: " + rows + " rows, " + columns + " columns");
        }
    }
}
