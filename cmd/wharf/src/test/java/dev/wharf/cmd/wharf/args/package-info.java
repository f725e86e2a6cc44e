@NullMarked
package dev.wharf.cmd.wharf.args;

import org.jspecify.annotations.NullMarked;
