@NullMarked
package dev.wharf.cmd.wharf.output;

import org.jspecify.annotations.NullMarked;
