/**
 * The walking differ's apply: unpacks a layer archive into the mounts of a snapshot.
 *
 * <p>Uses core, lib/linux and lib/tar. What must stay true: no entry reaches anything outside the
 * target, because every path is resolved by openat2 with RESOLVE_IN_ROOT below one directory descriptor and every change
 * names a single component relative to a descriptor; the whole archive is read, so that the digest answered covers it
 * to its last byte; whatever was mounted is unmounted. Sources: OCI image specification, "Image Layer Filesystem
 * Changeset"; the kernel's overlayfs documentation, "whiteouts and opaque directories".
 */
@NullMarked
package dev.wharf.plugins.diff.walking;

import org.jspecify.annotations.NullMarked;
