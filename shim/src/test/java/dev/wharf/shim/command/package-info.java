/** Tests of one package. */
@NullMarked
package dev.wharf.shim.command;

import org.jspecify.annotations.NullMarked;
