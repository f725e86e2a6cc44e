/** Tests of archives of directories, without containers. */
@NullMarked
package dev.wharf.cmd.shim.transfer;

import org.jspecify.annotations.NullMarked;
