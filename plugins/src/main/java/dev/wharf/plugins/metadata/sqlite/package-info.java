/**
 * Metadata in one SQLite file: namespaces, images, containers, sandboxes, leases, what namespaces know of content, and
 * the indexes of all snapshotters; and the garbage collection that runs over them.
 *
 * <p>Uses core, the JDBC driver of SQLite and a JSON reader, nothing else. What must stay true: every change is durable
 * before its caller hears of it; only the writer thread changes the file; no transaction calls a blob store, a
 * snapshotter or anything else that can wait; the edges of an object are written in the transaction that writes the
 * object.
 *
 * <p>Containers and images are shown from memory ({@link dev.wharf.plugins.metadata.sqlite.TableMirror}), which the
 * writer keeps up to date; so while a daemon runs, nobody else may change their tables.
 *
 * <h2>Format on disk</h2>
 *
 * <p>{@code metadata.sqlite} (with {@code -wal} and {@code -shm} while open, and {@code -reserve}, whose bytes mean
 * nothing: see {@link dev.wharf.plugins.metadata.sqlite.DiskReserve}), mode 0600, {@code application_id} 0x57485246
 * ("WHRF"), {@code user_version} 1, write-ahead log, strict tables. The tables are in {@link
 * dev.wharf.plugins.metadata.sqlite.Schema}. Times are nanoseconds since 1970 (UTC) as integers; labels, annotations and
 * extensions are JSON objects ({@code labels ->> '$."key"'}); specs, options and extension values are the bytes clients
 * sent, with their type URL beside them.
 *
 * <p>Table {@code edges} holds every reference between objects, one a row, and the roots: an edge from
 * ({@code root}, empty) says that its target is kept for its own sake. Nodes are ({@code type}, {@code key}) within a
 * namespace: {@code lease} id, {@code image} name, {@code content} digest, {@code ingest} reference, {@code container}
 * id, {@code sandbox} id, {@code snapshot} snapshotter and key with a slash between. {@code owner_*} tells whose row
 * wrote the edge, so that it goes when that row goes; {@code reason} is the label it came from, or the word for a
 * reference that is part of the object. What a flat lease holds is followed over {@code structural} edges only. An edge
 * with {@code until} counts until then; one with {@code used} counts while the snapshot it points at was used less
 * ({@code <}) or more ({@code >}) than {@code used_within} nanoseconds ago.
 *
 * <p>An object is kept while it can be reached from a root. View {@code live} says what that is now, and is the query the
 * collector runs; {@code SELECT * FROM edges WHERE to_type = 'content' AND to_key = '…'} says by what.
 */
@NullMarked
package dev.wharf.plugins.metadata.sqlite;

import org.jspecify.annotations.NullMarked;
