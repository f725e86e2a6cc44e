/** Tests of one package. */
@NullMarked
package dev.wharf.shim.event;

import org.jspecify.annotations.NullMarked;
