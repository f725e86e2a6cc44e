@NullMarked
package dev.wharf.cmd.wharf.pull;

import org.jspecify.annotations.NullMarked;
