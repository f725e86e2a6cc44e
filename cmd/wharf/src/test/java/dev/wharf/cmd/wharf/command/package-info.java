@NullMarked
package dev.wharf.cmd.wharf.command;

import org.jspecify.annotations.NullMarked;
