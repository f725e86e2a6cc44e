/** Tests of one package. */
@NullMarked
package dev.wharf.shim.log;

import org.jspecify.annotations.NullMarked;
