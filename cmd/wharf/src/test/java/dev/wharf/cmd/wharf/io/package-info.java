@NullMarked
package dev.wharf.cmd.wharf.io;

import org.jspecify.annotations.NullMarked;
