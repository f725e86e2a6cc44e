/**
 * Content: immutable blobs named by digest, and the ingests through which they come.
 *
 * <p>A {@link dev.wharf.core.content.ContentStore} is what clients see, one view for each namespace, with labels.
 * Below it a {@link dev.wharf.core.content.BlobStore} keeps the bytes, shared by all namespaces. A blob is durable before
 * any store lists it.
 */
@NullMarked
package dev.wharf.core.content;

import org.jspecify.annotations.NullMarked;
