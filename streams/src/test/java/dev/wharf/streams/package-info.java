/** Tests of bytes over streams. */
@NullMarked
package dev.wharf.streams;

import org.jspecify.annotations.NullMarked;
