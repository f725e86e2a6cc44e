/**
 * Blobs and ingests as files below one directory: plugin {@code io.containerd.content.v1.content}.
 *
 * <p>The layout is containerd's, byte for byte, so that either daemon finds the other's content:
 *
 * <pre>
 * blobs/&lt;algorithm&gt;/&lt;hex&gt;            a blob, mode 0444
 * ingest/&lt;sha256 hex of the ref&gt;/     an ingest:
 *     ref                             its ref, as text
 *     data                            the bytes so far
 *     startedat, updatedat            times, RFC 3339 text
 *     total                           expected size, decimal text; only if known
 * </pre>
 *
 * <p>Uses the domain, {@code lib/linux} and java.nio. What must stay true: a file below {@code blobs} has all its bytes
 * on disk and the digest of its name; it gets that name by one rename. A crash leaves at worst an ingest, which can be
 * resumed or aborted.
 */
@NullMarked
package dev.wharf.plugins.content.local;

import org.jspecify.annotations.NullMarked;
