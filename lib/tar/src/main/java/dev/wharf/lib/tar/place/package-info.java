/**
 * Where entries of an archive go: places below a root directory, which no name, link or race leads out of.
 *
 * <p>Every path is resolved by openat2 with RESOLVE_IN_ROOT below the root's descriptor; every change names a single
 * component relative to a descriptor. Uses lib/linux and the entries of lib/tar; decides nothing about owners, modes or
 * what is replaced.
 */
@NullMarked
package dev.wharf.lib.tar.place;

import org.jspecify.annotations.NullMarked;
