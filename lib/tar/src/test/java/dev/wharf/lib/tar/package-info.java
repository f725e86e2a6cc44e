/** Tests of reading tar archives made by GNU tar and by hand. */
@NullMarked
package dev.wharf.lib.tar;

import org.jspecify.annotations.NullMarked;
