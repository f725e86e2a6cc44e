/**
 * The command line of a shim, as daemons call it: {@code -info}, {@code -version}, the action {@code delete}, and no
 * action to serve. The action {@code start} is answered by the launcher, which calls this program only to serve.
 * Source: contract 7.1.
 */
@NullMarked
package dev.wharf.shim.command;

import org.jspecify.annotations.NullMarked;
