@NullMarked
package dev.wharf.cmd.wharf;

import org.jspecify.annotations.NullMarked;
