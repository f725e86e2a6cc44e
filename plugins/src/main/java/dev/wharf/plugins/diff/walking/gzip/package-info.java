/**
 * Decompresses gzip, the form nearly every layer has, about 1.6 times as fast as the JDK's zlib; ADR 9 says why it is our
 * own. Uses nothing but the JDK. What comes in is hostile: whatever it is, there is a {@code ZipException} or an
 * {@code EOFException}, no memory beyond what a stream takes at its start, and no loop without progress.
 *
 * <p>Sources: RFC 1951 (DEFLATE), RFC 1952 (gzip).
 */
@NullMarked
package dev.wharf.plugins.diff.walking.gzip;

import org.jspecify.annotations.NullMarked;
