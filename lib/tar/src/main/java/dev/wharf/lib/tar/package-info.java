/**
 * Tar archives: reading those of anyone, entries one after the other, in constant memory, within bounds; and writing.
 *
 * <p>Understood are V7, ustar, GNU (long names, sparse files, base-256 numbers), PAX (with GNU's three ways to write
 * sparse files) and star. Own code rather than a library because extended attributes and names must come out byte for
 * byte, while commons-compress decodes every PAX value as UTF-8 and so destroys binary ones such as
 * {@code security.capability}. Uses {@code FileNames} of lib/linux; knows nothing of layers or disks. What is
 * written is PAX where ustar does not hold it.
 *
 * <p>What must stay true: nothing an archive says makes this package allocate more than {@link
 * dev.wharf.lib.tar.TarBounds} allows, and every failure names the entry. Sources: POSIX.1-2017 pax,
 * "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format" and "Storing Sparse Files";
 * tar(5) of libarchive.
 */
@NullMarked
package dev.wharf.lib.tar;

import org.jspecify.annotations.NullMarked;
