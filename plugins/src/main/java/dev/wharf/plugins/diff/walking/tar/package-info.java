/**
 * Reading tar archives from anyone: entries one after the other, in constant memory, within bounds.
 *
 * <p>Understood are V7, ustar, GNU (long names, sparse files, base-256 numbers), PAX (with GNU's three ways to write
 * sparse files) and star. Own code rather than a library because extended attributes and names must come out byte for
 * byte, while commons-compress decodes every PAX value as UTF-8 and so destroys binary ones such as
 * {@code security.capability}. Uses core's errors and {@code FileNames} of lib/linux; knows nothing of layers or disks.
 *
 * <p>What must stay true: nothing an archive says makes this package allocate more than {@link
 * dev.wharf.plugins.diff.walking.tar.TarBounds} allows, and every failure names the entry. Sources: POSIX.1-2017 pax,
 * "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format" and "Storing Sparse Files";
 * tar(5) of libarchive.
 */
@NullMarked
package dev.wharf.plugins.diff.walking.tar;

import org.jspecify.annotations.NullMarked;
