package dev.wharf.lib.tar;

/**
 * A part of a file that the archive has bytes for; what lies between is a hole.
 *
 * @param offset where it begins in the file
 * @param length its bytes
 */
public record Segment(long offset, long length) {}
